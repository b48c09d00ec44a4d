# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "arengo.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following
        from arengo.insights import audit_words, console, people, retention_rules

        audit_words.register()
        console.register()
        retention_rules.register()
        following.register("insights", contact=people.contacts_merged)
