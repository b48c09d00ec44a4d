# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the address of the search's page asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from arengo.core import outside
from arengo.core.access import membership_of
from arengo.core.prepared import prepared
from arengo.desk.desks import desks_of
from arengo.desk.models import Desk
from arengo.desk.search import kinds, query
from arengo.desk.search.finding import MOST, Filters, Order, State
from arengo.desk.search.query import Query


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``seen``: the desks of this person; ``desk``: the one that is chosen.

    ``params``: query parameters that say the same again, without page and opened hit.
    """

    query: Query
    filters: Filters
    order: Order
    skip: int
    opened: int | None
    seen: Sequence[Desk]
    desk: int | None
    params: Mapping[str, Sequence[str]]

    def address(self, **changes: object) -> str:
        """The same search with other parameters; None takes one away."""
        params: dict[str, object] = {**self.params, **changes}
        kept = {name: value for name, value in params.items() if value not in (None, "", [])}
        return f"{reverse('desk_search:search')}?{urlencode(kept, doseq=True)}"

    @property
    def narrowings(self) -> int:
        """How many filters are on."""
        filters = self.filters
        chosen = (self.desk, filters.assignee, filters.first or filters.last, filters.state.value or None)
        return sum(one is not None for one in (*chosen, *filters.narrowed.values())) + bool(filters.kinds)


@prepared()
def asked(request: HttpRequest) -> Asked:
    """What cannot be read is as if it were not there."""
    get = request.GET
    seen = list(desks_of(membership_of(request)))
    desk = outside.whole(get.get("sportello"))
    desk = desk if desk in {each.pk for each in seen} else None
    first, last = outside.day(get.get("dal")), outside.day(get.get("al"))
    if first and last and last < first:
        first, last = last, first
    registered = {kind.key for kind in kinds.registered()}
    chosen = frozenset(get.getlist("tipo")) & registered
    narrowed = {
        each.name: value
        for each in kinds.narrowings()
        if (value := outside.whole(get.get(each.name))) is not None
    }
    wanted = query.read(outside.text(get.get("q"), most=query.LONGEST))
    state = get.get("stato", "")
    order = get.get("ordine", "")
    filters = Filters(
        desks=(desk,) if desk is not None else tuple(each.pk for each in seen),
        kinds=frozenset() if chosen == registered else chosen,
        assignee=outside.whole(get.get("chi")),
        first=first,
        last=last,
        state=State(state) if state in set(State) else State.ANY,
        narrowed=narrowed,
    )
    by = Order(order) if order in set(Order) else Order.BEST
    params: dict[str, Sequence[str]] = {
        "q": [wanted.typed],
        "tipo": sorted(filters.kinds),
        "sportello": [str(desk)] if desk is not None else [],
        "chi": [str(filters.assignee)] if filters.assignee is not None else [],
        "dal": [first.isoformat()] if first else [],
        "al": [last.isoformat()] if last else [],
        "stato": [filters.state.value] if filters.state else [],
        "ordine": [by.value] if by is not Order.BEST else [],
        **{name: [str(value)] for name, value in narrowed.items()},
    }
    skip = outside.whole(get.get("da"), most=MOST * max(len(registered), 1)) or 0
    return Asked(wanted, filters, by, skip, outside.whole(get.get("apri")), seen, desk, params)
