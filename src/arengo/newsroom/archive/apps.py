# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "arengo.newsroom.archive"
    label = "newsroom_archive"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.newsroom import gates, parts, saving
        from arengo.newsroom.archive import audit_words, indexing, verbs
        from arengo.newsroom.archive.views import PARTS

        saving.register("archive", indexing.Indexer())
        gates.register("archive", verbs.put_away_stays)
        parts.register(*PARTS)
        audit_words.register()
