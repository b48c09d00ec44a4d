# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceImportsConfig(AppConfig):
    name = "arengo.audience.imports"
    label = "audience_imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.imports import audit_words, retention_rules

        audit_words.register()
        retention_rules.register()
