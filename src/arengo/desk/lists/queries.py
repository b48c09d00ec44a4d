# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of a list and how many there are. Paged by key: page 300 costs what page 1 does.

Each desk is asked by itself, along the index of the list and the order, and the answers are put together: a person who sees one
desk of ten reads no rows of the other nine.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.utils import timezone

from arengo.core import outside
from arengo.core.models import Membership, Person
from arengo.core.prepared import prepared
from arengo.desk.desks import desks_of
from arengo.desk.labels.shown import names
from arengo.desk.lists.listing import WAITING, Asked, Listing, Order
from arengo.desk.lists.waiting import Clock
from arengo.desk.models import Conversation, Desk
from arengo.desk.models.conversations import WAITS, WAITS_SINCE

PAGE = 30
MOST_PAGES = 3  # that one answer holds; the screen lets go of the rows at its other end
MOST_COUNTED = 1_000
MOST_COUNTED_OPEN = 2_000  # of the list that is open


@dataclass(frozen=True)
class Start:
    """The row after which a page begins. ``late``: of which group it is, where there are groups."""

    at: datetime
    pk: int
    late: bool | None = None

    def written(self) -> str:
        micro = int((self.at - _EPOCH) / timedelta(microseconds=1))
        group = {None: "", True: "o", False: "m"}[self.late]
        return f"{group}{micro}-{self.pk}"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GROUPS = {"o": True, "m": False}
_LAST_MOMENT = 4_000_000_000 * 1_000_000  # microseconds: the year 2096


def start(written: str) -> Start | None:
    """None for what is not one: the list then begins at its top."""
    late = _GROUPS.get(written[:1])
    stamp, _dash, key = (written if late is None else written[1:]).partition("-")
    micro, pk = outside.whole(stamp, most=_LAST_MOMENT), outside.whole(key)
    if micro is None or pk is None:
        return None
    return Start(_EPOCH + timedelta(microseconds=micro), pk, late)


@dataclass(frozen=True)
class Place:
    """A row of a list, and what follows it."""

    conversation: Conversation
    start: Start


@dataclass(frozen=True)
class Page:
    places: Sequence[Place]
    more: bool


def page(
    asked: Asked,
    person: Person,
    desks: Sequence[int],
    clock: Clock,
    *,
    after: Start | None = None,
    pages: int = 1,
) -> Page:
    """Of these desks, ``pages`` times thirty rows after ``after``. Two queries."""
    most = PAGE * min(max(pages, 1), MOST_PAGES) + 1
    found = _keys(asked, person, desks, clock, after=after, most=most)
    shown = found[: most - 1]
    rows = _rows([each.pk for each in shown])
    places = [Place(rows[each.pk], each) for each in shown if each.pk in rows]
    return Page(places, len(found) == most)


def _keys(
    asked: Asked,
    person: Person,
    desks: Sequence[int],
    clock: Clock,
    *,
    after: Start | None,
    most: int,
) -> list[Start]:
    """Each desk, and of those who wait each of the two groups, cut at ``most``; then the whole, in its order."""
    ahead = asked.order is not Order.NEWEST
    found = _among(asked, person).annotate(key=asked.listing.sort_key(asked.order))
    order = ("key", "pk") if ahead else ("-key", "-pk")
    begun = _beyond(after, ahead) if after else Q()
    parts = []
    for desk in desks:
        limit = clock.late_before[desk]
        groups = {0: begun}
        if asked.order is Order.LONGEST:
            groups = {0: Q(key__lte=limit) & begun, 1: Q(key__gt=limit)}
            if after is not None and after.late is False:
                groups = {1: Q(key__gt=limit) & begun}
        for group, condition in groups.items():
            part = found.filter(condition, desk=desk).annotate(group=Value(group)).order_by(*order)
            parts.append(part.values_list("group", "key", "pk")[:most])
    if not parts:
        return []
    rows = (
        parts[0].union(*parts[1:], all=True).order_by("group", *order)[:most] if len(parts) > 1 else parts[0]
    )
    grouped = asked.order is Order.LONGEST
    return [Start(_moment(at), pk, group == 0 if grouped else None) for group, at, pk in rows]


def _moment(at: datetime | date) -> datetime:
    """Of a list that is sorted by days: one of that day, here too."""
    return at if isinstance(at, datetime) else datetime.combine(at, time(12), UTC)


def _beyond(after: Start, ahead: bool) -> Q:
    """The first half is what the index is entered by; OR alone would read it from its beginning."""
    side = "gt" if ahead else "lt"
    return Q(**{f"key__{side}e": after.at}) & (
        Q(**{f"key__{side}": after.at}) | Q(**{f"pk__{side}": after.pk})
    )


def _among(asked: Asked, person: Person) -> QuerySet[Conversation]:
    """The list with its filters, of all desks."""
    found = Conversation.objects.filter(asked.listing.condition(person), *asked.conditions())
    if asked.operator is not None:
        found = found.filter(assignee=asked.operator)
    if asked.first is not None:
        found = found.filter(**{f"{asked.listing.at}__gte": _midnight(asked.first)})
    if asked.last is not None:
        found = found.filter(**{f"{asked.listing.at}__lt": _midnight(asked.last + timedelta(days=1))})
    return found


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@prepared()
def _rows(ids: Sequence[int]) -> dict[int, Conversation]:
    found = (
        Conversation.objects.filter(pk__among=ids)
        .annotate(label_names=names())
        .select_related(
            "contact",
            "identity",
            "assignee",
            "sender",
            "desk",
            "freed__person",
            "last_message__delivery",
            "last_message__attachment",
        )
    )
    return {each.pk: each for each in found} if ids else {}


# --- how many --------------------------------------------------------------------------------------------------


class _Count(Subquery):
    """How many rows a query has; it may be cut short by its own limit."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Counts:
    """Of each tab, at most ``MOST_COUNTED``; of the open one more. ``late``: of those who wait. ``latest``: when one of them last wrote."""

    of: dict[str, int]
    late: int
    latest: datetime | None


def counts(
    asked: Asked, person: Person, desks: Sequence[int], clock: Clock, tabs: Sequence[Listing]
) -> Counts:
    """With the filters of ``asked``, all in one query. ``latest`` knows no filter."""
    if not desks:
        return Counts(dict.fromkeys((tab.key for tab in tabs), 0), 0, None)
    wanted: dict[str, Subquery] = {}  # each is one number or moment
    for tab in tabs:
        most = MOST_COUNTED_OPEN if tab is asked.listing else MOST_COUNTED
        wanted[f"n_{tab.key}"] = _Count(_cut(_among(asked.on(tab), person).filter(desk__in=desks), most))
    if asked.order is Order.LONGEST:
        since = _among(asked, person).annotate(key=WAITS_SINCE)
        overdue = Q()
        for desk in desks:
            overdue |= Q(desk=desk, key__lte=clock.late_before[desk])
        if len(set(clock.late_before.values())) == 1:
            overdue = Q(desk__in=desks, key__lte=clock.late_before[desks[0]])
        wanted["late"] = _Count(_cut(since.filter(overdue), MOST_COUNTED_OPEN))
    newest = Conversation.objects.filter(WAITING.condition(person)).order_by("-last_message_at", "-pk")
    for desk in desks:
        wanted[f"latest_{desk}"] = Subquery(newest.filter(desk=desk).values("last_message_at")[:1])
    [found] = Desk.objects.filter(pk=desks[0]).values(**wanted)
    latest = [found[f"latest_{desk}"] for desk in desks if found[f"latest_{desk}"] is not None]
    return Counts(
        {tab.key: found[f"n_{tab.key}"] for tab in tabs}, found.get("late", 0), max(latest, default=None)
    )


def in_hand(asked: Asked, people: Collection[int], desks: Sequence[int]) -> dict[int, int]:
    """How many open conversations each of these people has at these desks, with the filters of ``asked``. One query."""
    found = Conversation.objects.filter(
        *asked.conditions(), state=Conversation.State.OPEN, desk__in=desks, assignee__in=people
    )
    return dict(found.order_by().values_list("assignee").annotate(many=Count("pk")))


def _cut(found: QuerySet[Any], most: int) -> QuerySet[Any]:
    return found.order_by().values("pk")[: most + 1]


_WAITING_NOW = "desk_waiting_now"  # of a request's membership: what the list of the same page has counted


def remember(membership: Membership | None, counted: Counts) -> None:
    """The badge of the same page asks nothing more. For counts without a filter."""
    setattr(membership, _WAITING_NOW, min(counted.of[WAITING.key], MOST_COUNTED))


def waiting_count(membership: Membership) -> int:
    """How many citizens wait for a person's answer at the desks of this one; at most ``MOST_COUNTED``: the badge, on every page."""
    known: int | None = getattr(membership, _WAITING_NOW, None)
    if known is not None:
        return known
    waiting = Conversation.objects.filter(
        WAITS, state=Conversation.State.OPEN, desk__in=desks_of(membership).values("pk")
    )
    return int(_cut(waiting, MOST_COUNTED).count())
