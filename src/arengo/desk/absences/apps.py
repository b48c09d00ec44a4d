# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class AbsencesConfig(AppConfig):
    name = "arengo.desk.absences"
    label = "desk_absences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following
        from arengo.desk.absences import rules, verbs

        rules.register()
        following.register("absences", conversation=verbs.conversations_merged)
