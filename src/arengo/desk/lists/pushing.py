# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list as it is pushed to open screens when something changed: drawn once for all who see the same, not asked for by each.

A list that depends on the person, or has a filter of its own, is not pushed: its screen asks, as it does after a push that it
cannot use.
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
from arengo.core.models import Membership, Role
from arengo.core.screens import Screen, render_screen_to_string
from arengo.desk.desks import desks_of_each
from arengo.desk.lists import queries
from arengo.desk.lists.drawing import Group, Kind, draw, is_shared, tab_number, where
from arengo.desk.lists.listing import MINE, WAITING, asked, listings
from arengo.desk.lists.queries import MOST_COUNTED
from arengo.desk.lists.waiting import promise


@dataclass(frozen=True)
class RowsPart(Screen):
    groups: Sequence[Group]
    empty: str


def register() -> None:
    live_pushes.register("inbox", pushed)


def pushed(viewers: Collection[Viewer]) -> Mapping[Viewer, str]:
    """As :func:`arengo.core.live_pushes.register` wants it. Rights are read anew each time: four queries, and four for each kind."""
    people = {viewer.person_id for viewer in viewers}
    members = {
        one.person_id: one
        for one in Membership.objects.filter(person__in=people, person__is_active=True)
        if one.has(Role.OPERATOR, Role.AUDITOR)
    }
    seen = desks_of_each(members.values())
    alike: dict[tuple[str, Kind], list[Viewer]] = {}
    within = promise()
    for viewer in viewers:
        member = members.get(viewer.person_id)
        given = QueryDict(viewer.shows.removeprefix("?"))
        wanted = asked(given)
        if member is None or not seen[member.pk] or not is_shared(wanted):
            continue
        kind = Kind(
            organization=member.organization_id,
            language=viewer.language,
            shows=wanted.query(**where(given)),
            desks=seen[member.pk],
            promise=within,
            handles=member.has(Role.OPERATOR),
        )
        alike.setdefault((viewer.shows, kind), []).append(viewer)
    found: dict[Viewer, str] = {}
    for (shown, kind), some in alike.items():
        with translation.override(kind.language):
            found |= _lines(shown, kind, some)
    return found


def _lines(shown: str, kind: Kind, viewers: Sequence[Viewer]) -> dict[Viewer, str]:
    drawing = draw(kind)
    wanted, counted = drawing.wanted, drawing.counted
    in_hand = queries.in_hand(wanted, {viewer.person_id for viewer in viewers}, drawing.desks)
    common = {
        "shown": shown,
        "next": drawing.next_page(reverse("desk:inbox")),
        "waiting": counted.of[WAITING.key],
        "badge": "" if wanted.desk else localize(min(counted.of[WAITING.key], MOST_COUNTED)),
        "latest": int(counted.latest.timestamp() * 1000) if counted.latest else 0,
    }
    tabs = [one for one in listings() if one.is_tab]
    own_rows = {place.conversation.assignee_id for place in drawing.page.places}
    rows: dict[int | None, str] = {}  # of who has one of them in hand; of all the others
    found = {}
    for viewer in viewers:
        who = viewer.person_id if viewer.person_id in own_rows else None
        if who not in rows:
            part = RowsPart(
                drawing.groups(drawing.rows if who is None else drawing.rows_of(who)),
                str(wanted.listing.empty),
            )
            rows[who] = render_screen_to_string("desk_lists/rows.html", part)
        many = counted.of | {MINE.key: in_hand.get(viewer.person_id, 0)}
        numbers = [tab_number(tab, wanted.listing, many) for tab in tabs]
        found[viewer] = json.dumps({**common, "rows": rows[who], "tabs": numbers})
    return found
