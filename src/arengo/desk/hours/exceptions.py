# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giorni diversi dal solito: closures, extra openings, holidays and the patron's day of one year, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from arengo.core.models import Person
from arengo.desk.hours import holidays
from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.models import Closure, ExtraOpening
from arengo.desk.hours.timetable import Closure as ClosureValue
from arengo.desk.hours.words import closure_days, day_of_year, named, span_words
from arengo.desk.hours.year import Look
from arengo.desk.models import Desk


@dataclass(frozen=True)
class Different:
    """``by``: who decided it, None for what the calendar says. ``remove_url``: "" for what nobody can take away here."""

    when: str
    look: Look
    what: str
    reason: str
    by: Person | None
    decided: datetime | None
    url: str
    label: str
    remove_url: str = ""
    over: bool = False


def different_days(desk: Desk, schedule: Schedule, year: int) -> list[Different]:
    """Those of a year, the earliest first: two queries."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    closures = Closure.objects.filter(desk=desk, first_day__lte=last, last_day__gte=first)
    openings = ExtraOpening.objects.filter(desk=desk, day__range=(first, last))
    found = [
        *((each.first_day, _closure(each)) for each in closures.select_related("decided_by")),
        *((each.day, _opening(each)) for each in openings.select_related("decided_by")),
    ]
    opened = {each.day for each in schedule.timetable.openings}
    if schedule.timetable.national_holidays:
        found += [
            (day, _holiday(desk, day, name))
            for day, name in holidays.of_year(year, get_language() or "it").items()
            if day not in opened and schedule.timetable.intervals(day)
        ]
    if schedule.timetable.patron_month:
        found.append(_patron(desk, schedule, year))
    return [each for _day, each in sorted(found, key=lambda pair: pair[0])]


@dataclass(frozen=True)
class Decision:
    """A link to what was decided about a day."""

    label: str
    url: str


def decisions_on(desk: Desk, day: date) -> list[Decision]:
    """The closures and extra openings of a day: two queries."""
    closures = Closure.objects.filter(desk=desk, first_day__lte=day, last_day__gte=day)
    openings = ExtraOpening.objects.filter(desk=desk, day=day)
    return [
        *(
            Decision(_("Cambia la chiusura"), reverse("settings:closure", args=[each.pk]))
            for each in closures
        ),
        *(
            Decision(_("Cambia l’apertura in più"), reverse("settings:extra_opening", args=[each.pk]))
            for each in openings
        ),
    ]


def value_of(closure: Closure) -> ClosureValue:
    return ClosureValue(
        closure.first_day, closure.from_minute, closure.last_day, closure.until_minute, closure.reason
    )


def _closure(closure: Closure) -> Different:
    return Different(
        closure_days(value_of(closure)),
        Look.CLOSED,
        _("Chiuso"),
        closure.reason,
        closure.decided_by,
        closure.decided_at,
        reverse("settings:closure", args=[closure.pk]),
        _("Cambia"),
        reverse("settings:closure_remove", args=[closure.pk]),
        over=closure.last_day < timezone.localdate(),
    )


def _opening(opening: ExtraOpening) -> Different:
    return Different(
        named(opening.day, "l j F Y"),
        Look.EXTRA,
        _("Aperto %(hours)s") % {"hours": span_words([(opening.opens, opening.closes)])},
        opening.reason,
        opening.decided_by,
        opening.decided_at,
        reverse("settings:extra_opening", args=[opening.pk]),
        _("Cambia"),
        reverse("settings:extra_opening_remove", args=[opening.pk]),
        over=opening.day < timezone.localdate(),
    )


def _holiday(desk: Desk, day: date, name: str) -> Different:
    url = reverse("settings:new_extra_opening", args=[desk.pk])
    return Different(
        named(day, "l j F Y"),
        Look.HOLIDAY,
        _("Festa nazionale"),
        name,
        None,
        None,
        f"{url}?giorno={day.isoformat()}",
        _("Apri lo stesso"),
        over=day < timezone.localdate(),
    )


def _patron(desk: Desk, schedule: Schedule, year: int) -> tuple[date, Different]:
    timetable = schedule.timetable
    day = date(year, timetable.patron_month, 1) + timedelta(days=timetable.patron_day - 1)
    words = day_of_year(timetable.patron_month, timetable.patron_day)
    return day, Different(
        _("%(day)s, ogni anno") % {"day": words},
        Look.HOLIDAY,
        _("Festa del patrono"),
        timetable.patron_name,
        None,
        None,
        reverse("settings:desk_holidays", args=[desk.pk]),
        _("Cambia"),
    )
