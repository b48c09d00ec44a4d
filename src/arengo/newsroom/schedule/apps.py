# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class NewsroomScheduleConfig(AppConfig):
    name = "arengo.newsroom.schedule"
    label = "newsroom_schedule"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom.schedule import audit_words, console, retention_rules

        audit_words.register()
        console.register()
        retention_rules.register()
