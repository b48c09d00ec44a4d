# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list, drawn: once for all who see the same, for the pages that show it and for the screens that it is pushed to.

People see the same when they look at the same list, of the same desks, in the same language, and may do the same. What is a
person's own is put in afterwards: the rows of what they have in hand, and the conversation that is open.

A drawing is kept until something is announced to the lists (the topic ``inbox``), and for ten seconds at most, since the rows
say how long people wait. What changes a row announces it in the same transaction, so that the next page shows it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.lengths import grouped
from arengo.core.models import Organization, Person
from arengo.core.screens import Screen, render_screen_to_string
from arengo.desk import handling
from arengo.desk.hours.reading import DeskHours
from arengo.desk.labels.models import Label
from arengo.desk.lists import queries
from arengo.desk.lists.listing import CLOSED, Asked, Listing, Order, asked, listings
from arengo.desk.lists.queries import MOST_COUNTED, MOST_COUNTED_OPEN, MOST_PAGES
from arengo.desk.lists.rows import Look, Row, row
from arengo.desk.lists.waiting import Clock, clock, long_words

_NOBODY = 0
MOST_KEPT = 32  # drawings of a process, of thirty rows each as a rule: some 300 kB


@dataclass(frozen=True)
class Kind:
    """People who see the same. ``shows``: the part of the address that keeps the list as it is; ``desks``: all that they see.

    ``promise``: within how many opening minutes they answer; ``handles``: they may choose conversations.
    """

    organization: int
    language: str
    shows: str
    desks: tuple[int, ...]
    promise: int
    handles: bool


@dataclass(frozen=True)
class Group:
    """Rows under a heading; ``title`` is empty where a list has none."""

    key: str
    title: str
    count: str
    late: bool
    rows: Sequence[SafeString]


@dataclass(frozen=True)
class Named:
    pk: int
    name: str
    query: str = ""  # of a saved view
    active: bool = True  # of a label


@dataclass(frozen=True)
class Beside:
    """What the filters offer: who answers at these desks, the labels."""

    operators: Sequence[Named]
    labels: Sequence[Named]


@dataclass(frozen=True)
class RowPart(Screen):
    row: Row


@dataclass(frozen=True)
class Drawn:
    """``rows``: as everybody sees them, in the order of ``page``. ``counted``: without the lists that depend on who looks."""

    kind: Kind
    wanted: Asked
    desks: Sequence[int]
    page: queries.Page
    counted: queries.Counts
    clock: Clock
    look: Look
    rows: Sequence[SafeString]

    def rows_of(self, person: int, opened: int | None = None) -> Sequence[SafeString]:
        """As this person sees them, with the conversation ``opened`` beside the list."""
        own = replace(self.look, person=person, opened=opened)
        return [
            drawn_row(row(place, own))
            if place.conversation.pk == opened or place.conversation.assignee_id == person
            else drawn
            for place, drawn in zip(self.page.places, self.rows, strict=True)
        ]

    def groups(self, rows: Sequence[SafeString]) -> list[Group]:
        places = self.page.places
        if self.wanted.order is not Order.LONGEST:
            return [Group("all", "", "", False, rows)] if rows else []
        found = []
        late = self.counted.late
        total = self.counted.of.get(self.wanted.listing.key, 0)
        for is_late, key, title, count in (
            (True, "late", _("Aspettano da oltre %(time)s"), late),
            (False, "in-time", _("Da meno di %(time)s"), max(total - late, 0)),
        ):
            own = [drawn for place, drawn in zip(places, rows, strict=True) if place.start.late is is_late]
            if own:
                words = title % {"time": _promised(self.clock.promise)}
                found.append(Group(key, words, number(count, MOST_COUNTED_OPEN), is_late, own))
        return found

    @cached_property
    def beside(self) -> Beside:
        """One query, where a page asks for it."""
        named = JSONObject(pk=F("pk"), name=F("name"), active=F("active"))
        called = Coalesce(NullIf("person__name", Value("")), "person__email")
        members = handling.colleagues(self.kind.desks)
        found = (
            Organization.objects.filter(pk=self.kind.organization)
            .values(
                members=ArraySubquery(members.values(json=JSONObject(pk=F("person_id"), name=called))),
                labels=ArraySubquery(Label.objects.values(json=named)),
            )
            .get()
        )
        return Beside([Named(**one) for one in found["members"]], [Named(**one) for one in found["labels"]])

    def next_page(self, home: str) -> str:
        """Its address; "" where there is none."""
        if not (self.page.more and self.page.places):
            return ""
        return home + self.wanted.query(dopo=self.page.places[-1].start.written())


def is_shared(wanted: Asked) -> bool:
    """Whether others can see the same: a list that depends on the person, or has a filter of its own, is drawn for one."""
    return not wanted.listing.is_personal and wanted.filters == int(wanted.desk is not None)


def drawn_row(one: Row) -> SafeString:
    return SafeString(render_screen_to_string("desk/partials/row.html", RowPart(one)))


def where(given: QueryDict) -> dict[str, str]:
    """The part of an address that says where the list begins, and how it is used."""
    begins = queries.start(outside.text(given.get("dopo"), most=40))
    pages = outside.whole(given.get("pagine"), least=2, most=MOST_PAGES)
    chosen = {"scegli": "1"} if given.get("scegli") == "1" else {}
    return {
        "dopo": begins.written() if begins else "",
        "pagine": str(pages) if pages else "",
        **chosen,
    }


def draw(
    kind: Kind, person: Person | None = None, *, hours: Callable[[], Iterable[DeskHours]] = tuple
) -> Drawn:
    """Three queries. ``person``: who looks at a list that is drawn for one; ``hours``: where some are known, else one more."""
    given = QueryDict(kind.shows.removeprefix("?"))
    wanted, place = asked(given), where(given)
    desks = [pk for pk in kind.desks if wanted.desk in (None, pk)] or list(kind.desks)
    who = person if person is not None else Person(pk=_NOBODY)
    now = clock(desks, kind.promise, hours())
    after, pages = queries.start(place["dopo"]), int(place["pagine"] or 1)
    page = queries.page(wanted, who, desks, now, after=after, pages=pages)
    counted = counted_of(wanted.listing)
    counts = queries.counts(
        wanted, who, desks, now, [one for one in counted if person is not None or not one.is_personal]
    )
    chooses = kind.handles and "scegli" in place
    look = Look(_NOBODY, now, kind.shows, len(desks) > 1, chooses, None)
    return Drawn(
        kind, wanted, desks, page, counts, now, look, [drawn_row(row(each, look)) for each in page.places]
    )


# --- kept while nothing changes ---------------------------------------------------------------------------------

kept: OrderedDict[Kind, tuple[str, float, Drawn]] = OrderedDict()
_keeping = threading.Lock()


def drawn(kind: Kind, version: str, *, hours: Callable[[], Iterable[DeskHours]] = tuple) -> Drawn:
    """The list as everybody sees it. ``version``: what stands for all that was announced to the lists, read before (``own.sql``)."""
    with _keeping:
        known = kept.get(kind)
    if (
        known is not None
        and known[0] == version
        and time.monotonic() - known[1] < settings.ARENGO_LISTS_KEPT_SECONDS
    ):
        return known[2]
    made = draw(kind, hours=hours)
    with _keeping:
        kept[kind] = (version, time.monotonic(), made)
        kept.move_to_end(kind)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return made


# --- numbers ----------------------------------------------------------------------------------------------------


def counted_of(current: Listing) -> list[Listing]:
    """What is counted: the tabs, what asks for it, and the list that is open. The closed ones never: they only grow."""
    return [
        one for one in listings() if one.is_tab or one.counted or (one is current and current is not CLOSED)
    ]


def number(count: int, most: int) -> str:
    """As a tab shows it."""
    return "" if not count else f"{grouped(most - 1)}+" if count >= most else grouped(count)


def tab_number(one: Listing, current: Listing, of: Mapping[str, int]) -> str:
    return number(of.get(one.key, 0), MOST_COUNTED_OPEN if one is current else MOST_COUNTED)


def _promised(minutes: int) -> str:
    """«un’ora», «2 ore», «45 minuti»: after «oltre», «meno di»."""
    hours, left = divmod(minutes, 60)
    if left and hours:
        return long_words(minutes)
    if left:
        return ngettext("%(count)d minuto", "%(count)d minuti", left) % {"count": left}
    return _("un’ora") if hours == 1 else _("%(count)d ore") % {"count": hours}
