# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeskDirectoryConfig(AppConfig):
    name = "arengo.desk.directory"
    label = "desk_directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk.directory import audit_words, console, offering
        from arengo.desk.replies import insertions

        insertions.register(offering.PROVIDER)
        audit_words.register()
        console.register()
