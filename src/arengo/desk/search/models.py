# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The index of what can be searched. Triggers keep it (``indexing.py``); nothing else writes it."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation


class SearchEntry(TenantModel):
    """One thing that can be found: a message, a name, the name of a file, a note.

    ``kind`` says what it is (``kinds.py``), ``source`` is the id of its row in that kind's own table. ``words`` holds the
    stems of its text without accents, and two lexemes that no text can hold: ``#d<desk>`` and ``#k<kind>``. The text itself
    is not kept twice. No foreign key of the database: triggers take an entry away together with its row, and each check would
    cost an arriving message a lookup.
    """

    kind = models.CharField(max_length=12)
    source = models.BigIntegerField()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()
    words = SearchVectorField()

    class Meta(TenantModel.Meta):
        db_table = "desk_search_entry"
        verbose_name = "voce della ricerca"
        verbose_name_plural = "voci della ricerca"
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="desk_search_once"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="desk_search_words"),
            models.Index(fields=["organization", "-at", "-id"], name="desk_search_recent"),
        ]

    def __str__(self) -> str:
        return f"search entry {self.pk}"
