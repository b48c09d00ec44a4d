# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class VotesConfig(AppConfig):
    name = "arengo.newsroom.votes"
    label = "newsroom_votes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom.votes import answers, audit_words, console, hearing, retention_rules

        answers.register()
        audit_words.register()
        console.register()
        hearing.register()
        retention_rules.register()
