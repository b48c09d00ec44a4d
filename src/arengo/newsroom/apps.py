# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "arengo.newsroom"
    label = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.core import live_topics
        from arengo.core.models import Role
        from arengo.delivery import announced
        from arengo.newsroom import announcing, audit_words, console
        from arengo.newsroom.models import Update
        from arengo.newsroom.writing import LIST_TOPIC

        audit_words.register()
        console.register()
        announced.register(announcing.describe)
        writers = (Role.EDITOR, Role.APPROVER)
        live_topics.register(LIST_TOPIC, *writers)
        live_topics.register("update", *writers, rows=lambda: Update.objects.all())
