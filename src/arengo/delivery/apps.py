# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "arengo.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import banners, live_topics
        from arengo.core.models import Role
        from arengo.delivery import audit_words, console, retention_rules
        from arengo.delivery.condition import console as condition
        from arengo.delivery.senders import banner as stopped
        from arengo.delivery.spending import condition as spending
        from arengo.delivery.templates import console as templates_console
        from arengo.delivery.timeline.banner import banner

        audit_words.register()
        console.register()
        templates_console.register()
        condition.register()
        spending.register()
        retention_rules.register()
        live_topics.register("senders", Role.EDITOR, Role.APPROVER, Role.AUDITOR)
        banners.register("restored", banner)
        banners.register("stopped", stopped.banner, stopped.when)
