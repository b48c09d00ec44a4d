# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking for people, by number or by parts of their name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from arengo.audience.models import Identity, phone_hash
from arengo.audience.people import as_phone
from arengo.audience.people_list.sql import statement
from arengo.core import outside
from arengo.core.folding import fold
from arengo.core.scope import current_organization_id
from arengo.platforms.registry import platforms

LONGEST = 200  # characters of the box
MOST = 1_000  # people whom one search looks at
PAGE = 25  # who looks for somebody types one more letter rather than reading on
_MOST_PARTS = 8
_SHORTEST = 2  # letters of a part


@dataclass(frozen=True)
class Piece:
    """A part of a name, as it is written; ``marked``: it was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Query:
    """``phone``: E.164, where a number was typed. ``parts``: folded; each must stand in a word of the name, in any order."""

    typed: str
    phone: str = ""
    parts: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.phone and not self.parts


@dataclass(frozen=True)
class Found:
    """Contacts by id, in the order of their names. ``many``: all of them; ``more``: there are others, whom nobody counted."""

    contacts: Sequence[int]
    many: int
    more: bool = False


def read(typed: str | None) -> Query:
    """A part of one letter says nothing, unless it is a whole word of its script (「李」)."""
    text = outside.text(typed, most=LONGEST).strip()
    phone = as_phone(text) if any(sign.isdigit() for sign in text) else None
    if phone:
        return Query(text, phone=phone)
    parts = [part for part in fold(text).split() if len(part) >= _SHORTEST or not part.isascii()]
    return Query(text, parts=tuple(dict.fromkeys(parts))[:_MOST_PARTS])


def find(query: Query, *, after: int = 0) -> Found:
    """A page of those who are found, after this contact. One query."""
    if query.phone:
        return _by_number(query.phone)
    if not query.parts:
        return Found([], 0)
    values = {
        "parts": " & ".join(f"'{part}':*" for part in query.parts),
        "organization": current_organization_id(),
        "most": MOST + 1,
        "page": PAGE,
        "after": after,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("find"), values)
        [(many, contacts)] = cursor.fetchall()
    return Found(contacts, min(many, MOST), more=many > MOST)


def _by_number(phone: str) -> Found:
    hashes = [phone_hash(platform, phone) for platform in platforms()]
    known = Identity.objects.filter(phone_hash__in=hashes, contact__erased_at__isnull=True)
    contacts = sorted(set(known.values_list("contact_id", flat=True)))
    return Found(contacts, len(contacts))


def marked(name: str, query: Query) -> list[Piece]:
    """The name in pieces, so that what was looked for is seen."""
    folded: list[str] = []
    places: list[int] = []  # of each folded sign: where it stands in the name
    for place, sign in enumerate(name):
        for each in fold(sign):
            folded.append(each)
            places.append(place)
    text, marks = "".join(folded), [False] * len(name)
    for part in query.parts:
        start = text.find(part)
        while start >= 0:
            for place in places[start : start + len(part)]:
                marks[place] = True
            start = text.find(part, start + 1)
    pieces: list[Piece] = []
    for sign, mark in zip(name, marks, strict=True):
        if pieces and pieces[-1].marked == mark:
            pieces[-1] = Piece(pieces[-1].text + sign, mark)
        else:
            pieces.append(Piece(sign, mark))
    return pieces
