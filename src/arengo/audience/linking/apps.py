# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class LinkingConfig(AppConfig):
    name = "arengo.audience.linking"
    label = "audience_linking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.linking import audit_words, chat, own_page, panel, retention_rules

        audit_words.register()
        chat.register()
        own_page.register()
        panel.register()
        retention_rules.register()
