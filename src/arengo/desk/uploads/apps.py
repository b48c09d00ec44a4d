# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "arengo.desk.uploads"
    label = "desk_uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following, marks
        from arengo.desk.uploads import privacy, shown

        privacy.register()
        marks.register("begun", shown.ever_begun)
        following.register("uploads", conversation=privacy.conversations_merged)
