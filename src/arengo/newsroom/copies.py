# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The copies of a sent update, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Figures, Outcome, Outlet


@dataclass(frozen=True)
class Copy:
    """``outlet`` None: Arengo no longer has it, and nobody knows what became of the copy since."""

    placement: Placement
    outlet: Outlet | None
    outcome: Outcome | None

    @property
    def figures(self) -> Figures | None:
        """Of one that goes to people one by one."""
        return self.outcome.figures if self.outcome is not None else None

    @property
    def stoppable(self) -> bool:
        return self.outcome is not None and self.outcome.stoppable


def copies_of(update: Update) -> list[Copy]:
    """In the order of the outlets; those of outlets that are gone last."""
    order = {outlet.key: number for number, outlet in enumerate(registry.outlets())}
    placements = sorted(
        update.placements.all(),
        key=lambda one: order.get(one.outlet, len(order)),
    )
    found = [(one, registry.of(one)) for one in placements]
    return [Copy(one, outlet, outlet.outcome(one) if outlet else None) for one, outlet in found]


def stoppable(copies: Sequence[Copy]) -> list[str]:
    """The keys of outlets where something can still be kept from leaving."""
    return [copy.placement.outlet for copy in copies if copy.stoppable]
