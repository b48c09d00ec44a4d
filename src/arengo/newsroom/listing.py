# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Updates as lists show them: with the figures of those outlets that count people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from arengo.newsroom.estimating import only_words
from arengo.newsroom.models import Update
from arengo.newsroom.outcome.bars import Part, parts
from arengo.newsroom.outcome.standing import Standing, of_copies
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Counts, Figures


@dataclass(frozen=True)
class Row:
    """``standings``: what reached people, then what did not come out. ``figures`` None: it went to nobody by name; ``only``
    says where it went then.
    """

    update: Update
    standings: Sequence[Standing]
    figures: Figures | None
    bar: Sequence[Part]
    only: str

    @classmethod
    def of(cls, update: Update, figures: Mapping[int, Figures]) -> Row:
        """``figures``: by placement."""
        copies = list(update.placements.all())
        mine = next((figures[one.pk] for one in copies if one.pk in figures), None)
        return cls(
            update=update,
            standings=of_copies(copies, figures),
            figures=mine,
            bar=parts(mine) if mine else (),
            only=only_words([one.outlet for one in copies]),
        )


def still_leaving() -> Q:
    """Updates under way, and published ones of which an outlet still sends."""
    found = Q(state=Update.State.SENDING)
    for outlet in registry.outlets():
        if isinstance(outlet, Counts):
            found |= Q(state=Update.State.PUBLISHED, pk__in=outlet.leaving())
    return found


def rows(updates: Sequence[Update]) -> list[Row]:
    """For updates whose placements are prefetched: one more query for each outlet that counts."""
    placements = [one for update in updates for one in update.placements.all()]
    figures: dict[int, Figures] = {}
    for outlet in registry.outlets():
        mine = [one for one in placements if one.outlet == outlet.key and one.reference]
        if mine and isinstance(outlet, Counts):
            figures |= outlet.figures(mine)
    return [Row.of(update, figures) for update in updates]
