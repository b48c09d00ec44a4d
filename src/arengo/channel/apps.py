# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class ChannelConfig(AppConfig):
    name = "arengo.channel"
    label = "channel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.channel import audit_words, console
        from arengo.channel.board import TOPIC
        from arengo.core import live_topics
        from arengo.core.models import Role

        audit_words.register()
        console.register()
        live_topics.register(TOPIC, Role.EDITOR, Role.APPROVER)
