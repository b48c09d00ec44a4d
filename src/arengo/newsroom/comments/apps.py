# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "arengo.newsroom.comments"
    label = "newsroom_comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom import panes
        from arengo.newsroom.comments import audit_words, retention_rules
        from arengo.newsroom.comments.views import PANE

        panes.register(PANE)
        audit_words.register()
        retention_rules.register()
