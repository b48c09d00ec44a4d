# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeskListsConfig(AppConfig):
    name = "arengo.desk.lists"
    label = "desk_lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.lists import audit_words, console, pushing

        audit_words.register()
        console.register()
        pushing.register()
