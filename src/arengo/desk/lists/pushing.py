# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list as it is pushed to open screens when something changed: drawn once for all who see the same, not asked for by each.

People see the same when they look at the same list, of the same desks, in the same language, and may do the same. What is a
person's own is put in afterwards: the rows of what they have in hand, drawn once more, and how many these are. A list that
depends on the person, or has a filter of its own, is not pushed: its screen asks, as it does after a push that it cannot use.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.formats import localize

from arengo.core import live_pushes
from arengo.core.live_pushes import Viewer
from arengo.core.models import Membership, Person, Role
from arengo.core.screens import Screen, render_screen_to_string
from arengo.desk.desks import desks_of_each
from arengo.desk.lists import queries
from arengo.desk.lists.listing import MINE, WAITING, Asked, asked, listings
from arengo.desk.lists.queries import MOST_COUNTED, MOST_COUNTED_OPEN, Place
from arengo.desk.lists.rows import Look, Row, row
from arengo.desk.lists.screens import Group, counted_of, groups, next_page, number, where
from arengo.desk.lists.waiting import clock, promise

_NOBODY = 0


@dataclass(frozen=True)
class _Kind:
    """People who see the same. ``desks``: all that these people see; ``handles``: they may choose conversations."""

    language: str
    shows: str
    desks: tuple[int, ...]
    handles: bool


@dataclass(frozen=True)
class RowsPart(Screen):
    groups: Sequence[Group]
    empty: str


@dataclass(frozen=True)
class RowPart(Screen):
    row: Row


def register() -> None:
    live_pushes.register("inbox", pushed)


def pushed(viewers: Collection[Viewer]) -> Mapping[Viewer, str]:
    """As :func:`arengo.core.live_pushes.register` wants it. Rights are read anew each time: three queries, and five for each kind."""
    people = {viewer.person_id for viewer in viewers}
    members = {
        one.person_id: one
        for one in Membership.objects.filter(person__in=people, person__is_active=True)
        if one.has(Role.OPERATOR, Role.AUDITOR)
    }
    seen = desks_of_each(members.values())
    alike: dict[_Kind, list[Viewer]] = {}
    for viewer in viewers:
        member = members.get(viewer.person_id)
        wanted = asked(QueryDict(viewer.shows.removeprefix("?")))
        if member is None or not seen[member.pk] or not _is_shared(wanted):
            continue
        kind = _Kind(viewer.language, viewer.shows, seen[member.pk], member.has(Role.OPERATOR))
        alike.setdefault(kind, []).append(viewer)
    found: dict[Viewer, str] = {}
    for kind, some in alike.items():
        with translation.override(kind.language):
            found |= _drawn(kind, some)
    return found


def _is_shared(wanted: Asked) -> bool:
    return not wanted.listing.is_personal and wanted.filters == int(wanted.desk is not None)


def _drawn(kind: _Kind, viewers: Sequence[Viewer]) -> dict[Viewer, str]:
    given = QueryDict(kind.shows.removeprefix("?"))
    wanted, place = asked(given), where(given)
    desks = [pk for pk in kind.desks if wanted.desk in (None, pk)] or list(kind.desks)
    now, anybody = clock(desks, promise()), Person(pk=_NOBODY)
    after = queries.start(place["dopo"])
    page = queries.page(wanted, anybody, desks, now, after=after, pages=int(place["pagine"] or 1))
    tabs = [one for one in listings() if one.is_tab]
    shared = [one for one in counted_of(wanted.listing) if not one.is_personal]
    counted = queries.counts(wanted, anybody, desks, now, shared)
    in_hand = queries.in_hand(wanted, {viewer.person_id for viewer in viewers}, desks)

    look = Look(
        _NOBODY, now, wanted.query(**place), len(desks) > 1, kind.handles and bool(place.get("scegli")), None
    )
    rows = [(each, row(each, look)) for each in page.places]
    empty = str(wanted.listing.empty)
    drawn = render_screen_to_string(
        "desk_lists/rows.html", RowsPart(groups(wanted, rows, counted, now), empty)
    )
    own = _own_rows(rows, look, set(in_hand))
    common = {
        "shown": kind.shows,
        "next": next_page(wanted, page, reverse("desk:inbox")),
        "waiting": counted.of[WAITING.key],
        "badge": "" if wanted.desk else localize(min(counted.of[WAITING.key], MOST_COUNTED)),
        "latest": int(counted.latest.timestamp() * 1000) if counted.latest else 0,
    }
    found = {}
    for viewer in viewers:
        html = drawn
        for others, mine in own.get(viewer.person_id, ()):
            html = html.replace(others, mine)
        many = counted.of | {MINE.key: in_hand.get(viewer.person_id, 0)}
        numbers = [
            number(many.get(tab.key, 0), MOST_COUNTED_OPEN if tab is wanted.listing else MOST_COUNTED)
            for tab in tabs
        ]
        found[viewer] = json.dumps({**common, "rows": html, "tabs": numbers})
    return found


def _own_rows(
    rows: Sequence[tuple[Place, Row]], look: Look, people: Collection[int]
) -> dict[int, list[tuple[str, str]]]:
    """Of each of these people the rows that they have in hand: as all the others see them, and as they do."""
    own: dict[int, list[tuple[str, str]]] = {}
    for place, others in rows:
        person = place.conversation.assignee_id
        if person is None or person not in people:
            continue
        mine = row(place, Look(person, look.clock, look.query, look.shows_desk, look.chooses, None))
        both = [render_screen_to_string("desk/partials/row.html", RowPart(one)) for one in (others, mine)]
        own.setdefault(person, []).append((both[0], both[1]))
    return own
