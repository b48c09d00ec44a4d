# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeskRepliesConfig(AppConfig):
    name = "arengo.desk.replies"
    label = "desk_replies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.replies import audit_words, console, filling, insertions, offering

        filling.standard()
        insertions.register(offering.PROVIDER)
        audit_words.register()
        console.register()
