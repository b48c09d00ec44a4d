# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a citizen's own page: the two chats that they linked, where they receive, and taking them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arengo.audience.linking import codes, verbs
from arengo.audience.linking.chat import KIND
from arengo.audience.linking.panel import Way, way_of
from arengo.audience.personal import sections
from arengo.audience.personal.sections import Done, Section, Visit
from arengo.core import automatic, outside
from arengo.core.screens import Screen

HERE, THERE, UNLINK = "here", "there", "unlink"


@dataclass(frozen=True)
class OwnWay:
    """``value``: what the button sends that has notices come there."""

    way: Way
    value: str


@dataclass(frozen=True)
class WaysPart(Screen):
    ways: Sequence[OwnWay]


def _make(visit: Visit) -> WaysPart | None:
    """This chat first; None where it is linked to no other."""
    found = verbs.of(visit.identity)
    if found is None:
        return None
    return WaysPart(
        [
            OwnWay(way_of(identity, preferred=identity == found.preferred, own=value == HERE), value)
            for identity, value in (
                (visit.identity, HERE),
                (verbs.beside(found, visit.identity), THERE),
            )
        ]
    )


def _handle(visit: Visit) -> Done:
    what = outside.text(visit.request.POST.get("what"), most=10)
    found = verbs.of(visit.identity)
    if found is None:
        return Done(_("Le due chat non erano già più collegate."))
    if what == UNLINK:
        verbs.unlink(found)
        return Done(_("Scollegate: ogni chat ha di nuovo la sua iscrizione."))
    there = visit.identity if what == HERE else verbs.beside(found, visit.identity)
    verbs.prefer(found, there, sender_id=visit.sender_id if what == HERE else 0)
    return Done(_("Fatto: gli avvisi arrivano nella chat che hai scelto."))


@dataclass(frozen=True)
class HowPart(Screen):
    """How two chats are linked, for who has linked none. ``minutes``: how long the code is good."""

    minutes: int


def _how(visit: Visit) -> HowPart | None:
    """Not where the organization sends no codes."""
    if KIND not in automatic.switched_on() or verbs.of(visit.identity) is not None:
        return None
    return HowPart(codes.VALID.seconds // 60)


def register() -> None:
    folder = "audience_linking/own"
    sections.register(Section("link", f"{folder}/how.html", 50, _how))
    sections.register(
        Section("ways", f"{folder}/ways.html", 15, _make, _handle, question=f"{folder}/unlink.html")
    )
