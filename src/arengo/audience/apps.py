# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceConfig(AppConfig):
    name = "arengo.audience"
    label = "audience"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience import answers, audit_words, consent_template, console, obeying, retention_rules

        audit_words.register()
        console.register()
        retention_rules.register()
        answers.register()
        obeying.register()

        consent_template.register()
