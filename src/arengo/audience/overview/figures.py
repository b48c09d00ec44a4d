# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days added up to what the overview says. Nothing here reads a consent but those of days that are not kept yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from arengo.audience.models import Topic
from arengo.audience.overview import keeping
from arengo.audience.overview.keeping import Counts, Now
from arengo.audience.overview.models import ListDay
from arengo.audience.overview.periods import Column, Span, columns
from arengo.audience.recipients import Recipients
from arengo.core.models import Organization
from arengo.delivery.models import Fanout
from arengo.delivery.sending import announced

_LATELY = 30  # days of the sentence on top, and of what topics gained
_MOST_MARKS, _MOST_MAILINGS = 4, 400
_FELT = 2  # days: what a mailing brings about


@dataclass(frozen=True)
class Moved:
    """``total``: on the list at the end of the column."""

    column: Column
    joined: int
    left: int
    total: int


@dataclass(frozen=True)
class Mark:
    """An update that was sent, and what came of it on that day and the next. ``place``: the column in which it stands."""

    number: int
    place: int
    at: datetime
    title: str
    address: str
    joined: int
    left: int


@dataclass(frozen=True)
class Share:
    """A line with a bar. ``key``: what the filtered list is asked for; ``gained``: since thirty days, None where it is not known."""

    key: str
    many: int
    gained: int | None = None


@dataclass(frozen=True)
class Figures:
    listed: int
    stopped: int
    lately_joined: int
    lately_left: int
    only_ask: int
    moved: Sequence[Moved]
    marks: Sequence[Mark]
    ways: Sequence[Share]
    reasons: Sequence[Share]
    topics: Sequence[tuple[Topic, Share]]


def read(organization: Organization, span: Span) -> Figures:
    """Inside the organization's scope."""
    today = keeping.today(organization)
    began = keeping.first_day(organization) or today
    shown = columns(span, today, min(began, today))
    days = days_of(organization, min(shown[0].first, today - timedelta(days=_LATELY - 1)), today)
    reach = Recipients().reach()
    lately = [days[day] for day in days if day > today - timedelta(days=_LATELY)]
    within = [counts for day, counts in days.items() if day >= shown[0].first]
    moved = _moved(shown, days, reach.listed)
    there, before = nights(organization, today)
    return Figures(
        listed=reach.listed,
        stopped=reach.stopped,
        lately_joined=sum(sum(counts.joined.values()) for counts in lately),
        lately_left=sum(sum(counts.left.values()) for counts in lately),
        only_ask=there.only_ask,
        moved=moved,
        marks=_marks(organization, shown, days),
        ways=_shares(counts.joined for counts in within),
        reasons=_shares(counts.left for counts in within),
        topics=_topics(there, before),
    )


def days_of(organization: Organization, first: date, last: date) -> dict[date, Counts]:
    """Of each day on which something was kept or happened; what is not kept yet is counted now."""
    kept = {
        row.day: Counts(row.joined, row.left) for row in ListDay.objects.filter(day__gte=first, day__lte=last)
    }
    fresh = max(kept, default=first - timedelta(days=1)) + timedelta(days=1)
    return kept | keeping.count(organization, fresh, last)


def _moved(shown: Sequence[Column], days: Mapping[date, Counts], listed: int) -> list[Moved]:
    """The total is known of today: each column before had as many more or less as came or went since."""
    found: list[Moved] = []
    total = listed
    for column in reversed(shown):
        own = [counts for day, counts in days.items() if column.first <= day <= column.last]
        joined = sum(sum(counts.joined.values()) for counts in own)
        left = sum(sum(counts.left.values()) for counts in own)
        found.append(Moved(column, joined, left, max(total, 0)))
        total += left - joined
    return found[::-1]


def _shares(each: Iterable[Mapping[str, int]]) -> list[Share]:
    summed: Counter[str] = Counter()
    for counts in each:
        summed.update(counts)
    return [Share(key, many) for key, many in summed.most_common() if many]


def nights(organization: Organization, today: date) -> tuple[Now, Mapping[str, int] | None]:
    """The list as it was last counted at night (or now, where it never was), and topics as they were thirty days before."""
    nights = ListDay.objects.filter(listed__isnull=False)
    last = nights.filter(day__gte=today - timedelta(days=7)).order_by("-day").first()
    before = nights.filter(day__lte=today - timedelta(days=_LATELY)).order_by("-day").first()
    there = (
        Now(last.listed or 0, last.topics or {}, last.only_ask or 0)
        if last is not None
        else keeping.now(organization)
    )
    return there, before.topics if before is not None else None


def _topics(there: Now, before: Mapping[str, int] | None) -> list[tuple[Topic, Share]]:
    found = []
    for topic in Topic.objects.all():
        key = str(topic.pk)
        many = there.topics.get(key, there.topics.get("0", 0))
        gained = None if before is None else many - before.get(key, before.get("0", 0))
        found.append((topic, Share(key, many, gained)))
    return sorted(found, key=lambda one: -one[1].many)


def _marks(organization: Organization, shown: Sequence[Column], days: Mapping[date, Counts]) -> list[Mark]:
    """The mailings after which most people came or went, in their order."""
    zone = organization.zone
    start = datetime.combine(shown[0].first, time(), zone)
    sent = Fanout.objects.filter(created_at__gte=start).order_by("-created_at")[:_MOST_MAILINGS]
    found = []
    for fanout in sent:
        day = fanout.created_at.astimezone(zone).date()
        felt = [days[after] for number in range(_FELT) if (after := day + timedelta(days=number)) in days]
        joined = sum(sum(counts.joined.values()) for counts in felt)
        left = sum(sum(counts.left.values()) for counts in felt)
        found.append((joined + left, day, joined, left, fanout))
    most = sorted(found, key=lambda one: -one[0])[:_MOST_MARKS]
    said = announced.of([fanout.pk for many, *_rest, fanout in most if many])
    told = [one for one in most if one[-1].pk in said]
    marks = []
    for number, (_many, day, joined, left, fanout) in enumerate(sorted(told, key=lambda one: one[1]), 1):
        place = next(at for at, column in enumerate(shown) if column.first <= day <= column.last)
        about = said[fanout.pk]
        marks.append(Mark(number, place, fanout.created_at, about.title, about.staff_href, joined, left))
    return marks
