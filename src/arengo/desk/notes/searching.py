# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes in the search of the desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.clean_text import isolated
from arengo.desk.notes.models import Note
from arengo.desk.search import kinds
from arengo.desk.search.kinds import Kind, Source

# What indexing.searched reads; a note that was removed is found no more.
NOTES = (
    "SELECT n.id AS source, n.conversation_id AS conversation, n.at AS at, "
    "CASE WHEN n.removed_at IS NULL THEN n.text ELSE '' END AS said FROM {rows} AS n"
)


def _notes(ids: Collection[int]) -> Mapping[int, Source]:
    found = Note.objects.filter(pk__in=ids, removed_at=None).select_related("author")
    return {note.pk: Source(note.text, _what(note)) for note in found}


def _what(note: Note) -> str:
    who = note.author.get_short_name() if note.author else note.signed
    if not who:
        return _("nota interna")
    return _("nota interna di %(name)s") % {"name": isolated(who)}


def register() -> None:
    kinds.register(Kind("note", gettext_lazy("Note interne"), 20, _notes, icon="note", tone="note"))
