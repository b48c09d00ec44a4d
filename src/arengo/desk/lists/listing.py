# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which lists there are, their orders, and what can be asked of each. A capability of the desk registers its own lists and filters.

Everything here is what stands in an address: words that nobody knows fall back to what is usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.core import outside
from arengo.core.models import Person
from arengo.desk.models import Conversation
from arengo.desk.models.conversations import WAITS, WAITS_SINCE

_OPEN, _CLOSED = Q(state=Conversation.State.OPEN), Q(state=Conversation.State.CLOSED)


class Order(StrEnum):
    """How a list is sorted. Addresses say it in Italian."""

    LONGEST = "longest"  # who waits for the longest time
    NEWEST = "newest"
    OLDEST = "oldest"

    @property
    def label(self) -> str | Promise:
        return _ORDERS[self][0]

    @property
    def in_address(self) -> str:
        return _ORDERS[self][1]


_ORDERS: dict[Order, tuple[str | Promise, str]] = {
    Order.LONGEST: (_("Chi aspetta da più tempo"), "attesa"),
    Order.NEWEST: (_("Dalla più recente"), "recenti"),
    Order.OLDEST: (_("Dalla meno recente"), "vecchie"),
}


@dataclass(frozen=True)
class Listing:
    """One list. ``condition`` is asked with the person who looks; an index of ``Conversation`` answers it with each order.

    ``at``: the moment, or the day, that NEWEST and OLDEST sort by. ``counted``: how many it holds is said also while another list
    is open; so are the tabs. ``empty``: what stands where it has no rows. ``place``: among the others;
    those before 100 are tabs, the rest stands in the menu «Altre».
    """

    key: str
    in_address: str
    label: str | Promise
    empty: str | Promise
    place: int
    condition: Callable[[Person], Q]
    orders: tuple[Order, ...] = (Order.NEWEST, Order.OLDEST)
    at: str = "last_message_at"
    counted: bool = False
    is_personal: bool = False  # it depends on who looks

    @property
    def is_tab(self) -> bool:
        return self.place < 100

    def sort_key(self, order: Order) -> Combinable:
        return WAITS_SINCE if order is Order.LONGEST else F(self.at)


@dataclass(frozen=True)
class Filter:
    """One more question that a list can be asked: «?name=value». ``condition``: None for a value that means nothing."""

    name: str
    condition: Callable[[str], Q | None]


WAITING = Listing(
    "waiting",
    "attesa",
    _("In attesa"),
    _("Nessuno aspetta. Il prossimo messaggio compare qui da solo."),
    10,
    lambda _person: _OPEN & WAITS,
    (Order.LONGEST, Order.NEWEST, Order.OLDEST),
)
MINE = Listing(
    "mine",
    "mie",
    _("Mie"),
    _("Non hai conversazioni in carico. Prendine una fra le libere."),
    20,
    lambda person: _OPEN & Q(assignee=person),
    is_personal=True,
)
FREE = Listing(
    "free",
    "libere",
    _("Libere"),
    _("Nessuna conversazione libera: tutte sono in carico a qualcuno."),
    30,
    lambda _person: _OPEN & Q(assignee=None),
)
ANSWERED = Listing(
    "answered",
    "del-cittadino",
    _("Del cittadino"),
    _("Nessuna conversazione aspetta una risposta del cittadino."),
    110,
    lambda _person: _OPEN & Q(waiting_since=None, undelivered_since=None),
)
CLOSED = Listing(
    "closed",
    "chiuse",
    _("Chiuse"),
    _("Nessuna conversazione chiusa."),
    130,
    lambda _person: _CLOSED & Q(closed_at__gt=F("opened_at")),
    at="closed_at",
)

_listings: dict[str, Listing] = {}
_filters: dict[str, Filter] = {}


def register(*listings: Listing) -> None:
    for one in listings:
        _listings[one.in_address] = one


def register_filter(one: Filter) -> None:
    """Its name stands in addresses beside ours: ``lista``, ``ordine``, ``sportello``, ``operatore``, ``da``, ``a``."""
    _filters[one.name] = one


def listings() -> list[Listing]:
    return sorted(_listings.values(), key=lambda one: one.place)


register(WAITING, MINE, FREE, ANSWERED, CLOSED)


@dataclass(frozen=True)
class Asked:
    """What an address asks for. ``first`` and ``last``: days of the organization's calendar, both included."""

    listing: Listing = WAITING
    order: Order = Order.LONGEST
    desk: int | None = None
    operator: int | None = None
    first: date | None = None
    last: date | None = None
    more: Mapping[str, str] = field(default_factory=dict)  # by the name of a registered filter

    @property
    def filters(self) -> int:
        """How many are on."""
        found = (self.desk, self.operator, self.first or self.last)
        return sum(1 for one in found if one is not None) + len(self.more)

    def conditions(self) -> list[Q]:
        """Of the registered filters."""
        found = (_filters[name].condition(value) for name, value in self.more.items())
        return [one for one in found if one is not None]

    def on(self, listing: Listing) -> Asked:
        """The same filters on another list, in its own usual order."""
        return replace(self, listing=listing, order=listing.orders[0])

    def parts(self) -> dict[str, str]:
        """What is not usual, as it stands in an address."""
        found: dict[str, str] = {}
        if self.listing is not WAITING:
            found["lista"] = self.listing.in_address
        if self.order is not self.listing.orders[0]:
            found["ordine"] = self.order.in_address
        named = {"sportello": self.desk, "operatore": self.operator, "da": self.first, "a": self.last}
        found |= {name: str(value) for name, value in named.items() if value is not None}
        return found | dict(self.more)

    def query(self, **others: str) -> str:
        """``?lista=…``, or nothing for the usual list."""
        parts = self.parts() | {name: value for name, value in others.items() if value}
        return f"?{urlencode(parts)}" if parts else ""


def asked(given: QueryDict) -> Asked:
    """Total: what an address does not say, or says wrongly, is as usual."""
    listing = _listings.get(given.get("lista") or "", WAITING)
    order = next((one for one in listing.orders if one.in_address == given.get("ordine")), listing.orders[0])
    more = {name: outside.text(given.get(name), most=60) for name in _filters if given.get(name)}
    return Asked(
        listing=listing,
        order=order,
        desk=outside.whole(given.get("sportello")),
        operator=outside.whole(given.get("operatore")),
        first=outside.day(given.get("da")),
        last=outside.day(given.get("a")),
        more={name: value for name, value in more.items() if _filters[name].condition(value) is not None},
    )
