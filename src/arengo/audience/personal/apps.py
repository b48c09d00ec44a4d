# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    name = "arengo.audience.personal"
    label = "audience_personal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.personal import asking, audit_words, on_list, retention_rules

        asking.register()
        audit_words.register()
        on_list.register()
        retention_rules.register()
