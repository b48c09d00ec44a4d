# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class FollowUpsConfig(AppConfig):
    name = "arengo.desk.follow_ups"
    label = "desk_follow_ups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import log_entries
        from arengo.desk import following
        from arengo.desk.follow_ups import console, privacy, verbs

        log_entries.verbs(verbs.words())
        console.register()
        privacy.register()
        following.register("follow_ups", conversation=privacy.conversations_merged)
