# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceProofsConfig(AppConfig):
    name = "arengo.audience.proofs"
    label = "audience_proofs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.proofs import audit_words, retention_rules

        audit_words.register()
        retention_rules.register()
