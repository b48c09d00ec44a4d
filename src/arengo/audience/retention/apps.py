# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "arengo.audience.retention"
    label = "audience_retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.retention import (
            audit_words,
            condition,
            console,
            holding,
            panel,
            retention_rules,
        )

        audit_words.register()
        condition.register()
        console.register()
        holding.register()
        panel.register()
        retention_rules.register()
