# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening hours as people say them: «9–13 e 15–17», «riapre domani alle 9:00», «Lunedì e mercoledì 9–13»."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext as _

from arengo.desk.hours import holidays
from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.timetable import DAY_END, Closure, Interval, Season, Timetable

Spans = Sequence[tuple[int, int]]
"""Minutes of one day: from, until."""


class Condition(StrEnum):
    """The shape that says how a desk stands: full dot, ring, white pill, warning sign."""

    OPEN = "open"
    CLOSED = "closed"
    EMERGENCY = "emergency"
    UNWRITTEN = "unwritten"


@dataclass(frozen=True)
class State:
    """How one desk stands at a moment. ``words`` and ``more`` make a line: «Aperto», «fino alle 13:00».

    ``again``: where it is open, when it opens next after that. ``reason``: why it is closed now, or opened in an emergency; typed by
    staff or the name of a holiday. ``until``: when these words are not true any more, at the latest.
    """

    condition: Condition
    words: str
    more: str
    again: str = ""
    reason: str = ""
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.condition in (Condition.OPEN, Condition.EMERGENCY)


def state(schedule: Schedule, now: datetime) -> State:
    """Of this moment, in the reader's language."""
    local = timezone.localtime(now)
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
    ends = schedule.open_until(now)
    if schedule.is_open(now):
        again = schedule.next_opening(ends) if ends else None
        more = _("fino alle %(clock)s") % {"clock": _clock_of(ends, now)} if ends else _("senza interruzioni")
        words_again = _("Riapre %(when)s") % {"when": when(again, now)} if again else ""
        until = min(ends or midnight, midnight)
        if emergency := schedule.emergency(now):
            return State(
                Condition.EMERGENCY, _("Apertura straordinaria"), more, words_again, emergency.reason, until
            )
        return State(Condition.OPEN, _("Aperto"), more, words_again, until=until)
    opens = schedule.next_opening(now)
    if opens is None:
        if not schedule.configured:
            return State(Condition.UNWRITTEN, _("Chiuso"), _("orari non ancora scritti"), until=midnight)
        return State(Condition.CLOSED, _("Chiuso"), _("nessuna apertura prevista"), until=midnight)
    more = _("riapre %(when)s") % {"when": when(opens, now)}
    reason = why_closed(schedule.timetable, timezone.localtime(now))
    return State(Condition.CLOSED, _("Chiuso"), more, reason=reason, until=min(opens, midnight))


def why_closed(timetable: Timetable, at: datetime) -> str:
    """The closure, holiday or patron's day that holds at this local moment; "" where it is merely outside of the hours."""
    day, minute = at.date(), at.hour * 60 + at.minute
    for closure in timetable.closures:
        if closure.covers(day):
            start, end = closure.on(day)
            if start <= minute < end:
                return closure.reason
    return holiday(timetable, day)


def holiday(timetable: Timetable, day: date) -> str:
    """The name of the holiday that closes this desk on this day; ""."""
    if timetable.national_holidays and (name := holidays.name_of(day, get_language() or "it")):
        return name
    return timetable.patron_name or _("festa del patrono") if timetable.is_patron(day) else ""


def when(moment: datetime, now: datetime) -> str:
    """«oggi alle 15:00», «domani alle 9:00», «mercoledì 9 alle 9:00», «lunedì 4 gennaio alle 9:00»."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    days = (local.date() - today).days
    clock = {"clock": clock_words(local.hour * 60 + local.minute)}
    if days == 0:
        return _("oggi alle %(clock)s") % clock
    if days == 1:
        return _("domani alle %(clock)s") % clock
    form = "l j" if days < 7 else "l j F" if days < 92 else "l j F Y"
    return _("%(day)s alle %(clock)s") % {"day": named(local, form), **clock}


def clock_words(minutes: int) -> str:
    """«9:00»; the end of the day is «24:00»."""
    return f"{minutes // 60}:{minutes % 60:02}"


def span_words(spans: Spans) -> str:
    """«9–13 e 15–17»; «chiuso» where there is none."""
    if not spans:
        return _("chiuso")
    if list(spans) == [(0, DAY_END)]:
        return _("24 ore")
    return listed(f"{_short(opens)}–{_short(closes)}" for opens, closes in spans)


def listed(parts: Iterable[str]) -> str:
    """«a, b e c»."""
    return get_text_list(list(parts), _("e"))


def named(at: date | datetime, form: str) -> str:
    """Days and months as the language writes them inside of a sentence: Italian in small letters."""
    words = date_format(at, form)
    return words.lower() if get_language() == "it" else words


def weekday(day: int) -> str:
    """0 is «lunedì»."""
    name = str(WEEKDAYS[day])
    return name.lower() if get_language() == "it" else name


def day_of_year(month: int, day: int) -> str:
    """«1 luglio»."""
    name = str(MONTHS[month])
    return f"{day} {name.lower() if get_language() == 'it' else name}"


def season_days(season: Season) -> str:
    """«dal 1 luglio al 31 agosto»."""
    first = day_of_year(season.first_month, season.first_day)
    return _("dal %(first)s al %(last)s") % {
        "first": first,
        "last": day_of_year(season.last_month, season.last_day),
    }


def closure_days(closure: Closure) -> str:
    """«lunedì 7 dicembre 2026», «dal 24 dicembre 2026 al 6 gennaio 2027, fino alle 10:00»."""
    if closure.first_day == closure.last_day:
        words = named(closure.first_day, "l j F Y")
    else:
        words = _("dal %(first)s al %(last)s") % {
            "first": named(closure.first_day, "j F Y"),
            "last": named(closure.last_day, "j F Y"),
        }
    if closure.from_minute:
        words += _(", dalle %(clock)s") % {"clock": clock_words(closure.from_minute)}
    if closure.until_minute is not None and closure.until_minute < DAY_END:
        words += _(", fino alle %(clock)s") % {"clock": clock_words(closure.until_minute)}
    return words


def week_words(timetable: Timetable) -> str:
    """What citizens read: «Lunedì, mercoledì e venerdì 9–13; martedì e giovedì 9–13 e 15–17. Dal 1 luglio al 31 agosto: …»."""
    if not timetable.configured:
        return _("Chiuso: orari non ancora scritti.")
    sentences = [_plan_words(timetable.week)]
    sentences += [f"{season_days(each)}: {_plan_words(each.intervals)}" for each in timetable.seasons]
    return " ".join(f"{words[:1].upper()}{words[1:]}." for words in sentences)


def _plan_words(intervals: Sequence[Interval]) -> str:
    hours = {
        day: span_words([(each.opens, each.closes) for each in of_day])
        for day, of_day in groupby(intervals, key=lambda each: each.weekday)
    }
    if not hours:
        return _("chiuso")
    return "; ".join(
        f"{listed(weekday(day) for day, own in hours.items() if own == words)} {words}"
        for words in dict.fromkeys(hours.values())
    )


def _clock_of(moment: datetime, now: datetime) -> str:
    """Midnight at the end of today is «24:00», another day's hour has its day."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    minutes = local.hour * 60 + local.minute
    if local.date() == today:
        return clock_words(minutes)
    if minutes == 0 and local.date() == today + timedelta(days=1):
        return clock_words(DAY_END)
    return _("%(clock)s di %(day)s") % {"clock": clock_words(minutes), "day": named(local, "l j")}


def _short(minutes: int) -> str:
    return str(minutes // 60) if minutes % 60 == 0 else clock_words(minutes)
