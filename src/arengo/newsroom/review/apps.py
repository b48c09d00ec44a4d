# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "arengo.newsroom.review"
    label = "newsroom_review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom import gates, parts, saving, waiting, ways_out
        from arengo.newsroom.review import audit_words, console, gate, retention_rules, shown, verbs

        saving.register("review", verbs.Voider())
        gates.register("review", gate.second_yes)
        ways_out.register(shown.WAY)
        parts.register(*shown.PARTS)
        parts.register_marks("review", shown.marks)
        waiting.register("review", shown.waiting_count)
        audit_words.register()
        console.register()
        retention_rules.register()
