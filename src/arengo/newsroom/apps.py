# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "arengo.newsroom"
    label = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.audience.topics import usage
        from arengo.core import live_topics
        from arengo.delivery.templates import presets
        from arengo.newsroom import audit_words, console, topics
        from arengo.newsroom.models import Update
        from arengo.newsroom.roles import WRITERS
        from arengo.newsroom.templates import BUILT_IN
        from arengo.newsroom.writing import LIST_TOPIC

        audit_words.register()
        console.register()
        presets.register(*BUILT_IN)
        usage.register(topics.usage)
        live_topics.register(LIST_TOPIC, *WRITERS)
        live_topics.register("update", *WRITERS, rows=lambda _member: Update.objects.all())
