# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding updates by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from arengo.desk.search.marks import Marker, Piece
from arengo.desk.search.query import Query
from arengo.newsroom.archive.indexing import said
from arengo.newsroom.archive.models import SearchEntry
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Update

MOST = 50


@dataclass(frozen=True)
class Hit:
    update: Update
    title: Sequence[Piece]
    excerpt: Sequence[Piece]


def found(query: Query) -> QuerySet[Update]:
    """The newest first. All words must be there; inflected forms count."""
    wanted = SearchQuery(query.web, config="pg_catalog.italian", search_type="websearch")
    entries = SearchEntry.objects.filter(words=wanted).values("update_id")
    hits: QuerySet[Update] = Update.objects.filter(pk__in=entries).select_related("edited_by", "sent_by")
    return hits.prefetch_related("items").order_by("-edited_at", "-pk")


def hits_of(query: Query) -> tuple[list[Hit], bool]:
    """The first ones, and whether there are more."""
    if query.is_empty or not query.web:
        return [], False
    updates = list(found(query)[: MOST + 1])
    texts = {update.pk: said(draft_of(update)) for update in updates[:MOST]}
    marker = Marker(query, [*texts.values(), *(str(update) for update in updates)])
    hits = [
        Hit(update, marker.whole(str(update)), marker.excerpt(texts[update.pk])) for update in updates[:MOST]
    ]
    return hits, len(updates) > MOST
