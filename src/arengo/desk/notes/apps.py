# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "arengo.desk.notes"
    label = "desk_notes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following, marks
        from arengo.desk.notes import audit_words, console, privacy, searching, shown

        audit_words.register()
        console.register()
        privacy.register()
        searching.register()
        marks.register("notes", shown.noted)
        marks.register("notes_on_person", shown.person_noted)
        following.register(
            "notes", conversation=privacy.conversations_merged, contact=privacy.contacts_merged
        )
