# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class NewsroomPresenceConfig(AppConfig):
    name = "arengo.newsroom.presence"
    label = "newsroom_presence"

    def ready(self) -> None:
        from arengo.core import live_topics
        from arengo.newsroom import parts
        from arengo.newsroom.presence import TOPIC
        from arengo.newsroom.presence.views import PART
        from arengo.newsroom.roles import WRITERS

        live_topics.register(TOPIC, *WRITERS)
        parts.register(PART)
