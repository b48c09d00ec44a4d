# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The newsroom's week or month: what left, what is to leave, and the places of the plan where nothing is yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from arengo.core import outside
from arengo.core.access import organization_of
from arengo.core.screens import Screen
from arengo.core.templatetags.arengo import named
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Update
from arengo.newsroom.schedule import rhythm
from arengo.newsroom.schedule.clock import Times
from arengo.newsroom.schedule.models import Appointment
from arengo.newsroom.schedule.words import moment_words

MONTH = "mese"  # of ``vista`` in the address
_MOST = 500  # updates of one month: more than anybody writes
_SOON = timedelta(days=3)  # how long before a place of the plan the page asks for an update
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """``update`` None: a place of the plan where nothing is. ``appointment``: of a draft that is planned, or did not leave."""

    clock: str
    update: Update | None = None
    appointment: Appointment | None = None

    @property
    def is_kept(self) -> bool:
        """It left, or leaves as it is: its place of the plan is taken."""
        if self.update is None or self.appointment is None:
            return self.update is not None
        return self.appointment.is_planned and self.appointment.version == self.update.version

    @property
    def kind(self) -> str:
        found = kinds.find(self.update.kind) if self.update else None
        return str(found.name) if found else ""


@dataclass(frozen=True)
class Day:
    """``inside`` False: of the month before or after, which fills up a week."""

    day: date
    entries: Sequence[Entry]
    is_today: bool
    inside: bool


@dataclass(frozen=True)
class Calendar(Screen):
    """``done`` of ``expected`` places of the plan have their update. ``gap``: the next place, if it is soon and has none."""

    span: str
    weeks: Sequence[Sequence[Day]]
    is_month: bool
    done: int
    expected: int
    gap: str
    shown_day: date
    earlier: date
    later: date


def calendar(request: HttpRequest) -> Calendar:
    """Of the day that the address names (``giorno``), or of today; the week, or the month (``vista``)."""
    zone, now = organization_of(request).zone, timezone.now()
    today = now.astimezone(zone).date()
    day = outside.day(request.GET.get("giorno"), last=today.replace(year=today.year + 5, day=1)) or today
    is_month = request.GET.get("vista") == MONTH
    first, last = _month(day) if is_month else _week(day)
    inside = day.month if is_month else None
    times, told = rhythm.times(), list(_entries(first, last, zone))
    places = times.places_between(first, last, zone)
    counted = [at for at in places if inside in (None, at.month)]
    written = {on for on, entry in told if entry.is_kept}
    told += [(at.date(), Entry(f"{at:%H:%M}")) for at in places if at > now and at.date() not in written]
    days = [
        Day(
            each,
            sorted((entry for on, entry in told if on == each), key=lambda entry: entry.clock),
            each == today,
            inside in (None, each.month),
        )
        for each in (first + timedelta(days=number) for number in range((last - first).days + 1))
    ]
    return Calendar(
        span=named(day, "F Y") if is_month else _span(first, last),
        weeks=[days[at : at + 7] for at in range(0, len(days), 7)],
        is_month=is_month,
        done=sum(at.date() in written for at in counted),
        expected=len(counted),
        gap=_gap(times, now, zone),
        shown_day=day,
        earlier=day.replace(day=1) - timedelta(days=1) if is_month else day - _WEEK,
        later=(day.replace(day=28) + timedelta(days=4)).replace(day=1) if is_month else day + _WEEK,
    )


def _week(day: date) -> tuple[date, date]:
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=6)


def _month(day: date) -> tuple[date, date]:
    """In whole weeks."""
    first, following = day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return _week(first)[0], _week(following - timedelta(days=1))[1]


def _entries(first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[date, Entry]]:
    """Of updates that left on these days, or are to leave, or should have left: each with its day."""
    between = (_midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    left = Update.objects.filter(sent_at__gte=between[0], sent_at__lt=between[1])
    for update in left.exclude(state=Update.State.DRAFT).order_by("sent_at")[:_MOST]:
        local = update.sent_at.astimezone(zone)
        yield local.date(), Entry(f"{local:%H:%M}", update)
    planned = Appointment.objects.filter(
        at__gte=between[0], at__lt=between[1], update__state=Update.State.DRAFT
    ).exclude(state=Appointment.State.OFF)
    for kept in planned.select_related("update").order_by("at")[:_MOST]:
        local = kept.at.astimezone(zone)
        yield local.date(), Entry(f"{local:%H:%M}", kept.update, kept)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _span(first: date, last: date) -> str:
    """«23–29 novembre», «30 novembre – 6 dicembre»."""
    if first.month == last.month:
        return f"{first.day}–{named(last, 'j F')}"
    return f"{named(first, 'j F')} – {named(last, 'j F')}"


def _gap(times: Times, now: datetime, zone: ZoneInfo) -> str:
    """The plan's next place, in words, if it comes soon and nothing is written for it; else ""."""
    today, until = now.astimezone(zone).date(), (now + _SOON).astimezone(zone).date()
    places = [at for at in times.places_between(today, until, zone) if at > now]
    if not places:
        return ""
    written = {on for on, entry in _entries(today, until, zone) if entry.is_kept}
    return next((moment_words(at, now, zone) for at in places if at.date() not in written), "")
