# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes as the thread, the citizen's pane and the page of mentions show them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from arengo.core import outside
from arengo.core.models import Membership, Person, Role
from arengo.core.prepared import prepared
from arengo.desk.desks import desks_of
from arengo.desk.marks import carries
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.notes.models import Mention, Note
from arengo.desk.notes.naming import Piece, pieces
from arengo.desk.notes.verbs import may_remove

_MOST = 200  # notes beside one page of messages
_MOST_ON_PERSON = 50
PAGE = 30  # mentions


@dataclass(frozen=True)
class Line:
    """A note. ``words``: its text in pieces, those that name somebody with whom they name. ``who``: "" for nobody known."""

    note: Note
    who: str
    words: Sequence[Piece]
    may_remove: bool


def noted() -> Exists:
    """For a query of conversations."""
    return Exists(Note.objects.filter(conversation=OuterRef("pk")))


def person_noted() -> Exists:
    """For a query of conversations."""
    return Exists(Note.objects.filter(contact=OuterRef("contact"), on_person=True))


def in_thread(
    conversation: Conversation,
    membership: Membership | None,
    *,
    since: datetime | None,
    until: datetime | None,
) -> list[Line]:
    """The oldest first; ``since`` and ``until``: the messages beside which they stand, None for no bound."""
    if not carries(conversation, "notes"):
        return []
    found = Note.objects.filter(conversation=conversation, on_person=False)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return _lines(found.order_by("-at", "-id")[:_MOST], membership)[::-1]


def on_person(conversation: Conversation, membership: Membership | None) -> list[Line]:
    if not carries(conversation, "notes_on_person"):
        return []
    found = Note.objects.filter(contact_id=conversation.contact_id, on_person=True)
    return _lines(found.order_by("-at", "-id")[:_MOST_ON_PERSON], membership)


def placed(lines: Sequence[Line], moments: Sequence[datetime]) -> list[list[Line]]:
    """The lines between messages sent at these moments, oldest first: one list before each, and one after the last."""
    places: list[list[Line]] = [[] for _each in range(len(moments) + 1)]
    for line in lines:
        places[bisect_left(moments, line.note.at)].append(line)
    return places


def _lines(found: QuerySet[Note], membership: Membership | None) -> list[Line]:
    administers = membership is not None and Role.ADMINISTRATOR in membership.roles
    lines = []
    for note in found.select_related("author", "conversation").prefetch_related("mentions__person"):
        people = [mention.person for mention in note.mentions.all()]
        removable = membership is not None and may_remove(note, membership.person_id, administers=administers)
        who = note.signed or (str(note.author) if note.author else "")
        lines.append(Line(note, who, list(pieces(note.text, people)), removable))
    return lines


_UNSEEN = "desk_mentions_unseen"  # of a request's person: what another query of the same page has counted


def remember(person: Person, count: int) -> None:
    """The header of the same page asks nothing more."""
    setattr(person, _UNSEEN, count)


@prepared()
def unseen(person: Person) -> int:
    """How many notes call this person that they have not opened: the number in the header."""
    known: int | None = getattr(person, _UNSEEN, None)
    if known is not None:
        return known
    return int(Mention.objects.filter(person=person, seen_at=None).count())


def unseen_in(conversation: Conversation, person: Person) -> int:
    if not carries(conversation, "notes"):
        return 0
    return int(Mention.objects.filter(person=person, seen_at=None, note__conversation=conversation).count())


@dataclass(frozen=True)
class Called:
    """A mention on the page of mentions: the note's words, and the citizen that it is about."""

    mention: Mention
    line: Line
    citizen: str


@dataclass(frozen=True)
class Calls:
    calls: Sequence[Called]
    next_key: str  # "" on the last page


def mentions(membership: Membership, *, after: str = "") -> Calls:
    """Of this person, of conversations that they see, the latest first; ``after`` is the ``next_key`` of the page before."""
    found = (
        Mention.objects.filter(person=membership.person, note__conversation__desk__in=desks_of(membership))
        .select_related("note__author", "note__conversation__contact", "note__conversation__identity")
        .order_by("-id")
    )
    if (key := outside.whole(after)) is not None:
        found = found.filter(pk__lt=key)
    rows = list(found[: PAGE + 1])
    shown = []
    for mention in rows[:PAGE]:
        note = mention.note
        who = note.signed or (str(note.author) if note.author else "")
        line = Line(note, who, list(pieces(note.text, [membership.person])), False)
        shown.append(Called(mention, line, called(note.conversation)))
    return Calls(shown, str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")
