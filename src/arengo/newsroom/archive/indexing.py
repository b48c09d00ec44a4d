# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping the words by which updates are found."""

from __future__ import annotations

from django.db import connection

from arengo.core.chat_text import to_plain
from arengo.core.folding import fold
from arengo.core.models import Person
from arengo.newsroom.drafts import Draft, draft_of
from arengo.newsroom.models import Update
from arengo.newsroom.passages import passages

_MOST = 20_000  # characters
_WRITE = """
INSERT INTO newsroom_archive_searchentry (organization_id, update_id, words)
VALUES (%s, %s, to_tsvector('pg_catalog.italian', %s))
ON CONFLICT (update_id) DO UPDATE SET words = EXCLUDED.words
"""


class Indexer:
    """Of ``saving.register``."""

    def before(self, update: Update) -> None:
        pass

    def after(self, update: Update, by: Person) -> None:
        index(update)


def index(update: Update) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [update.organization_id, update.pk, fold(said(draft_of(update)))])


def said(draft: Draft) -> str:
    """All that can be found, without addresses of pages: their words are those of the site."""
    found = (to_plain(each.text) for each in passages(draft) if not each.key.startswith("url_"))
    return "\n".join(text for text in found if text)[:_MOST]
