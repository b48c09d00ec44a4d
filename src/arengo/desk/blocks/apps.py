# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class BlocksConfig(AppConfig):
    name = "arengo.desk.blocks"
    label = "desk_blocks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.desk import following, marks
        from arengo.desk.blocks import audit_words, console, counted, privacy, standing

        audit_words.register()
        console.register()
        counted.register()
        privacy.register()
        marks.register("house_rules", standing.ever_used)
        following.register(
            "blocks", conversation=privacy.conversations_merged, contact=privacy.contacts_merged
        )
