# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "arengo.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.intake import audit_words, retention_rules
        from arengo.intake.condition import console as condition

        audit_words.register()
        condition.register()
        retention_rules.register()
