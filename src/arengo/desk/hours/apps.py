# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class HoursConfig(AppConfig):
    name = "arengo.desk.hours"
    label = "desk_hours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import live_topics
        from arengo.core.models import Role
        from arengo.desk.hours import audit_words, console, notice, retention_rules
        from arengo.desk.hours.verbs import TOPIC

        audit_words.register()
        console.register()
        notice.register()
        retention_rules.register()
        live_topics.register(TOPIC, *Role.values)
