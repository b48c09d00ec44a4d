# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "arengo.desk.offices"
    label = "desk_offices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import log_entries
        from arengo.desk import following
        from arengo.desk.offices import privacy, verbs

        log_entries.verbs(verbs.words())
        privacy.register()
        following.register("offices", conversation=privacy.conversations_merged)
