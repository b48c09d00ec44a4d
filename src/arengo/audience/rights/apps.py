# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "arengo.audience.rights"
    label = "audience_rights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.rights import audit_words, checking, console, own_page, panel, retention_rules

        audit_words.register()
        checking.register()
        console.register()
        own_page.register()
        panel.register()
        retention_rules.register()
