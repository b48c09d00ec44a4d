# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DoubleOptInConfig(AppConfig):
    name = "arengo.audience.double_opt_in"
    label = "audience_double_opt_in"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience import attention, panels
        from arengo.audience.double_opt_in import hearing, retention_rules, views
        from arengo.audience.panels import Panel

        hearing.register()
        retention_rules.register()
        panels.register(Panel("audience_double_opt_in/panel.html", 4, views.panel))
        attention.register(views.point)
