# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class UnreachedConfig(AppConfig):
    name = "arengo.audience.unreached"
    label = "audience_unreached"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience import attention, panels
        from arengo.audience.panels import Panel
        from arengo.audience.unreached import audit_words, condition, retention_rules, views

        audit_words.register()
        condition.register()
        retention_rules.register()
        panels.register(Panel("audience_unreached/panel.html", 5, views.panel))
        attention.register(views.point)
