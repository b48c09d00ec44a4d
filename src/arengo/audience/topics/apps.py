# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceTopicsConfig(AppConfig):
    name = "arengo.audience.topics"
    label = "audience_topics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.topics import audit_words, chat, console, own_page, retention_rules

        audit_words.register()
        chat.register()
        console.register()
        own_page.register()
        retention_rules.register()
