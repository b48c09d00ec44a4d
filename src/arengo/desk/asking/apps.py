# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "arengo.desk.asking"
    label = "desk_asking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.asking import audit_words, privacy

        audit_words.register()
        privacy.register()
