# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from arengo.core.models import Organization, Person
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import (
    NotNow,
    Obstacle,
    Outcome,
    Outlet,
    OutletWords,
    Partials,
    Placed,
    Plan,
    Said,
    Unsendable,
)
from tests.seams.board.machine import Board

MOST = 40  # characters on a line


class BoardPlan(Plan):
    outlet: BoardOutlet

    @property
    def problems(self) -> Sequence[Problem]:
        if len(self.draft.title) <= MOST:
            return ()
        return [Problem("title", f"Il tabellone ha {MOST} lettere.")]

    @property
    def obstacle(self) -> Obstacle | None:
        return Obstacle("è spento.") if self.outlet.board.off else None

    @property
    def preview(self) -> str:
        return self.draft.title.upper()


@dataclass(frozen=True)
class BoardOutcome(Outcome):
    line: str = ""


class BoardOutlet(Outlet):
    key = "board"
    words = OutletWords(
        name="Tabellone",
        on="sul tabellone",
        alone="Solo sul tabellone",
        where="sul tabellone di piazza Roma",
        to="al tabellone",
        press="Accendi il tabellone",
        free="Nulla: la corrente è della piazza.",
    )
    partials = Partials(face="seams/board/face.html", sent="seams/board/sent.html")

    def __init__(self, board: Board) -> None:
        self.board = board

    def plan(self, draft: Draft, organization: Organization) -> BoardPlan:
        return BoardPlan(self, draft, organization)

    def place(self, placement: Placement) -> Placed:
        if self.board.off:
            raise Unsendable("Il tabellone è spento.")
        try:
            line = self.board.show(placement.key, placement.update.title.upper())
        except TimeoutError as silent:
            raise NotNow("Il tabellone non risponde.") from silent
        return Placed(reference=str(line), url="https://tabellone.example.it/", detail={"line": line})

    def outcome(self, placement: Placement) -> BoardOutcome:
        return BoardOutcome(line=self.board.lines.get(placement.key, ""))

    def withdraw(self, placement: Placement, *, by: Person) -> Said:
        return Said("Spento.", done=self.board.clear(placement.key))

    def correct(self, placement: Placement, draft: Draft, *, by: Person) -> Said:
        self.board.change(placement.key, draft.title.upper())
        return Said("Corretto.", done=True)

    def pages(self, placements: Collection[Placement]) -> Mapping[int, str]:
        return {one.pk: one.url for one in placements if one.key in self.board.lines}
