# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "arengo.core.retention"
    label = "core_retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core.retention import audit_words, retention_rules

        audit_words.register()
        retention_rules.register()
