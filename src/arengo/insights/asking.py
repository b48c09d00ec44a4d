# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody asks of the figures, as it stands in the address: days, desk, group, what the table of hours shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from arengo.core import outside
from arengo.desk.models import Desk
from arengo.insights import periods
from arengo.insights.periods import Fault, Period
from arengo.insights.report import name_of

MEASURES = {"messaggi": "received", "risposta": "first", "chiusura": "closed"}  # in the address → in code
TABLES = {"giorni": "days", "gruppi": "groups", "ore": "hours", "operatori": "operators"}  # of the CSV
_LONGEST_GROUP = 200


@dataclass(frozen=True)
class Asked:
    """``desks``: those whose figures are shown; ``desk``: the one that was chosen, None: all that the person sees.

    ``group``: «grouping:key» or "". ``measure``: a value of ``MEASURES``. ``fault``: why other days are shown than were asked for.
    """

    period: Period
    desks: Sequence[Desk]
    desk: Desk | None = None
    group: str = ""
    group_name: str = ""
    measure: str = "received"
    fault: Fault | None = None

    @property
    def desk_ids(self) -> list[int]:
        return [desk.pk for desk in self.desks]

    @property
    def query(self) -> str:
        """As it stands in the address."""
        found = {"dal": self.period.first.isoformat(), "al": self.period.last.isoformat()}
        if self.desk is not None:
            found["sportello"] = str(self.desk.pk)
        if self.group:
            found["solo"] = self.group
        if self.measure != "received":
            found["ore"] = next(said for said, meant in MEASURES.items() if meant == self.measure)
        return urlencode(found)

    def of(self, period: Period) -> Asked:
        """The same of another period."""
        return replace(self, period=period, fault=None)


def read(query: QueryDict, seen: Sequence[Desk], today: date) -> Asked:
    """``seen``: the desks that the person may see. What cannot be read is not asked for."""
    period, fault = periods.read(query.get("dal"), query.get("al"), today)
    pk = outside.whole(query.get("sportello", ""))
    desk = next((each for each in seen if each.pk == pk), None)
    group = outside.text(query.get("solo", ""), most=_LONGEST_GROUP)
    name = name_of(group) if group else ""
    measure = MEASURES.get(query.get("ore", ""), "received")
    return Asked(period, [desk] if desk else seen, desk, group if name else "", name, measure, fault)
