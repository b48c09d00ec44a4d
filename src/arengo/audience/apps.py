# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AudienceConfig(AppConfig):
    name = "arengo.audience"
    label = "audience"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience import answers, audit_words, console, kept, obeying

        audit_words.register()
        console.register()
        kept.register()
        answers.register()
        obeying.register()
        from arengo.audience import (
            consent_template,  # its buttons are choices of ours, which are registered now
        )

        consent_template.register()
