# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ProtocolConfig(AppConfig):
    name = "arengo.desk.protocol"
    label = "desk_protocol"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import log_entries
        from arengo.desk import following
        from arengo.desk.protocol import privacy, verbs

        log_entries.verbs(verbs.words())
        privacy.register()
        following.register("protocol", conversation=privacy.conversations_merged)
