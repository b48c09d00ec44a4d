# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a desk is open: examples, and every answer against a reference that looks at each minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings, strategies as st

from arengo.desk.hours import holidays
from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.timetable import (
    DAY_END,
    Closure,
    EmergencyOpening,
    ExtraOpening,
    Interval,
    Season,
    Timetable,
)
from tests.factories.hours import ROME, on, rome, urp

MINUTE = timedelta(minutes=1)


def test_an_empty_timetable_is_closed_and_not_configured() -> None:
    empty = Schedule(Timetable())
    now = rome("2026-12-01 10:00")
    assert not empty.configured
    assert not empty.is_open(now)
    assert empty.open_until(now) is None
    assert empty.next_opening(now) is None
    assert empty.opening_minutes(now, now + timedelta(days=30)) == 0


def test_a_tuesday_has_a_pause() -> None:
    desk = urp()
    assert desk.open_until(rome("2026-12-01 10:12")) == rome("2026-12-01 13:00")
    assert not desk.is_open(rome("2026-12-01 13:00"))  # the minute of closing is closed
    assert desk.next_opening(rome("2026-12-01 13:30")) == rome("2026-12-01 15:00")
    assert desk.is_open(rome("2026-12-01 15:00"))


@pytest.mark.parametrize(
    ("day", "after"),
    [
        ("2026-12-08", "2026-12-09"),  # Immacolata
        ("2026-04-06", "2026-04-07"),  # Easter Monday
        ("2027-10-04", "2027-10-05"),  # Saint Francis, a holiday again from 2026 on
    ],
)
def test_a_national_holiday_is_closed(day: str, after: str) -> None:
    desk = urp()
    assert not desk.is_open(rome(f"{day} 10:00"))
    assert desk.next_opening(rome(f"{day} 10:00")) == rome(f"{after} 09:00")
    assert urp(national_holidays=False).is_open(rome(f"{day} 10:00"))


def test_the_patrons_day_comes_every_year() -> None:
    desk = urp(patron_month=5, patron_day=4, patron_name="San Ciriaco")
    assert not desk.is_open(rome("2026-05-04 10:00"))
    assert not desk.is_open(rome("2027-05-04 10:00"))
    assert desk.is_open(rome("2026-05-05 10:00"))


def test_a_season_without_intervals_is_closed() -> None:
    desk = urp(seasons=(Season("Agosto", 8, 1, 8, 31),))
    assert desk.next_opening(rome("2026-07-31 13:00")) == rome("2026-09-01 09:00")


def test_a_season_may_pass_the_end_of_the_year() -> None:
    winter = Season("Natale", 12, 20, 1, 10, (Interval(0, 600, 660),))
    desk = urp(seasons=(winter,))
    assert desk.next_opening(rome("2026-12-19 12:00")) == rome("2026-12-21 10:00")
    assert not desk.is_open(rome("2027-01-08 10:00"))
    assert desk.is_open(rome("2027-01-11 09:30"))


def test_an_extra_opening_wins_over_a_holiday_and_a_closure_of_days() -> None:
    desk = urp(
        closures=(Closure(on("2026-12-07"), None, on("2026-12-11"), None, "Trasloco"),),
        openings=(ExtraOpening(on("2026-12-08"), 600, 720, "Sagra"),),
    )
    assert desk.next_opening(rome("2026-12-05 10:00")) == rome("2026-12-08 10:00")
    assert desk.open_until(rome("2026-12-08 11:00")) == rome("2026-12-08 12:00")
    assert desk.next_opening(rome("2026-12-08 11:00")) == rome("2026-12-14 09:00")


def test_a_closure_by_the_hour_wins_over_an_extra_opening_and_passes_midnight() -> None:
    desk = urp(
        openings=(ExtraOpening(on("2026-12-05"), 600, DAY_END, "Notte bianca"),),
        closures=(Closure(on("2026-12-05"), 22 * 60, on("2026-12-07"), 10 * 60, "Impianto fermo"),),
    )
    assert desk.open_until(rome("2026-12-05 21:59")) == rome("2026-12-05 22:00")
    assert desk.next_opening(rome("2026-12-05 22:00")) == rome("2026-12-07 10:00")


def test_what_stays_open_over_midnight_is_one_opening() -> None:
    desk = Schedule(Timetable(week=(Interval(4, 20 * 60, DAY_END), Interval(5, 0, 120))))
    friday = rome("2026-12-04 23:00")
    assert desk.open_until(friday) == rome("2026-12-05 02:00")
    assert desk.opening_minutes(friday, rome("2026-12-06 00:00")) == 180


def test_a_desk_that_never_closes_has_no_end() -> None:
    always = Schedule(
        Timetable(national_holidays=False, week=tuple(Interval(day, 0, DAY_END) for day in range(7)))
    )
    now = rome("2026-12-01 10:00")
    assert always.is_open(now)
    assert always.open_until(now) is None
    assert always.opening_minutes(now, now + timedelta(days=2)) == 2 * DAY_END


def test_an_emergency_opening_joins_the_hours_that_it_touches() -> None:
    urgent = EmergencyOpening(1, rome("2026-12-01 16:30"), rome("2026-12-01 22:00"), "Allerta")
    desk = urp(emergencies=(urgent,))
    assert desk.open_until(rome("2026-12-01 15:00")) == rome("2026-12-01 22:00")
    assert desk.emergency(rome("2026-12-01 17:00")) == urgent
    assert desk.emergency(rome("2026-12-01 22:00")) is None
    assert not desk.is_open(rome("2026-12-01 22:00"))


def test_a_desk_without_hours_can_be_opened_in_an_emergency() -> None:
    urgent = EmergencyOpening(1, rome("2026-12-06 01:00"), rome("2026-12-06 03:00"), "Frana")
    desk = Schedule(Timetable(emergencies=(urgent,)))
    assert desk.is_open(rome("2026-12-06 02:00"))
    assert not desk.configured


@pytest.mark.parametrize(
    ("night", "minutes"), [("2026-03-29", 180), ("2026-10-25", 300), ("2026-11-01", 240)]
)
def test_the_night_of_the_changed_clock_counts_as_long_as_it_is(night: str, minutes: int) -> None:
    desk = Schedule(Timetable(national_holidays=False, week=(Interval(6, 0, 240),)))
    assert desk.opening_minutes(rome(f"{night} 00:00"), rome(f"{night} 12:00")) == minutes


def test_both_lists_of_holidays_agree() -> None:
    closed_on_holidays = Schedule(Timetable(week=tuple(Interval(day, 0, DAY_END) for day in range(7))))
    for year in range(2024, 2036):
        day, found = date(year, 1, 1), set()
        while day.year == year:
            if not closed_on_holidays.planned_on(day):
                found.add(day)
            day += timedelta(days=1)
        assert found == holidays.of_year(year).keys()


# --- against the slow reference ---


def looks_open(timetable: Timetable, moment: datetime) -> bool:
    """The words of ``Timetable``, asked of one minute of the town's clock."""
    local = moment.astimezone(ROME)
    day, minute = local.date(), local.hour * 60 + local.minute
    if any(each.starts_at <= moment < each.until for each in timetable.emergencies):
        return True
    for closure in timetable.closures:
        if not closure.whole_days:
            start = datetime.combine(closure.first_day, datetime.min.time()) + timedelta(
                minutes=closure.from_minute or 0
            )
            end = datetime.combine(closure.last_day, datetime.min.time()) + timedelta(
                minutes=DAY_END if closure.until_minute is None else closure.until_minute
            )
            if start <= local.replace(tzinfo=None) < end:
                return False
    if any(each.day == day and each.opens <= minute < each.closes for each in timetable.openings):
        return True
    if any(each.whole_days and each.first_day <= day <= each.last_day for each in timetable.closures):
        return False
    if timetable.is_patron(day) or (timetable.national_holidays and holidays.name_of(day)):
        return False
    return any(opens <= minute < closes for opens, closes in timetable.intervals(day))


FIRST = date(2027, 9, 25)
DAYS = 44  # 4 October 2027 is a holiday, 31 October the clock goes back, 1 November is a holiday
_days = st.integers(0, DAYS - 1).map(lambda n: FIRST + timedelta(days=n))
# No hour begins or ends within the two that come twice: which of the two is meant is a matter of taste.
_minutes = st.integers(0, DAY_END).filter(lambda minute: not 120 <= minute < 180)


def _apart(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for opens, closes in sorted(pairs):
        if opens < closes and (not kept or kept[-1][1] < opens):
            kept.append((opens, closes))
    return kept


_hours = st.lists(st.tuples(_minutes, _minutes), max_size=3).map(_apart)
_plans = st.lists(_hours, min_size=7, max_size=7).map(
    lambda week: tuple(Interval(day, *each) for day, hours in enumerate(week) for each in hours)
)
_seasons = st.lists(
    st.builds(
        lambda first, days, plan: Season(
            "S",
            first.month,
            first.day,
            (first + timedelta(days=days)).month,
            (first + timedelta(days=days)).day,
            plan,
        ),
        _days,
        st.integers(0, 20),
        _plans,
    ),
    max_size=1,
).map(tuple)


@st.composite
def _closures(draw: st.DrawFn) -> Closure:
    first = draw(_days)
    last = first + timedelta(days=draw(st.integers(0, 4)))
    start = draw(st.none() | _minutes.filter(lambda minute: minute < DAY_END))
    end = draw(st.none() | _minutes.filter(lambda minute: minute > 0))
    if first == last and start is not None and end is not None and start >= end:
        end = None
    return Closure(first, start, last, end, "Ferie")


_openings = st.tuples(_days, _minutes, _minutes).map(
    lambda given: ExtraOpening(
        given[0],
        min(given[1:]),
        max(max(given[1:]), min(given[1:]) + 1) if min(given[1:]) < DAY_END else DAY_END,
        "",
    )
)
_emergencies = st.tuples(_days, st.integers(0, DAY_END), st.integers(1, 2000)).map(
    lambda given: EmergencyOpening(
        1,
        datetime(given[0].year, given[0].month, given[0].day, tzinfo=UTC) + given[1] * MINUTE,
        datetime(given[0].year, given[0].month, given[0].day, tzinfo=UTC) + (given[1] + given[2]) * MINUTE,
        "Allerta",
    )
)
_timetables = st.builds(
    Timetable,
    national_holidays=st.booleans(),
    patron_month=st.just(10),
    patron_day=st.integers(1, 31),
    week=_plans,
    seasons=_seasons,
    closures=st.lists(_closures(), max_size=2).map(tuple),
    openings=st.lists(_openings.filter(lambda each: each.opens < each.closes), max_size=2).map(tuple),
    emergencies=st.lists(_emergencies, max_size=2).map(tuple),
)
_moments = st.integers(0, DAYS * DAY_END).map(lambda n: datetime(2027, 9, 25, tzinfo=UTC) + n * MINUTE)


@settings(max_examples=80)
@given(_timetables, _moments, st.integers(1, 5 * DAY_END))
@example(Timetable(week=(Interval(0, 540, 780),)), datetime(2027, 10, 4, 8, tzinfo=UTC), DAY_END)
def test_every_answer_is_that_of_the_slow_reference(
    timetable: Timetable, start: datetime, length: int
) -> None:
    desk = Schedule(timetable)
    states = [looks_open(timetable, start + n * MINUTE) for n in range(length + 1)]
    end = start + length * MINUTE
    assert desk.is_open(start) == states[0]
    assert desk.opening_minutes(start, end) == sum(states[:-1])
    turns = {True: [], False: []}  # type: dict[bool, list[datetime]]
    for n in range(1, length + 1):
        if states[n] != states[n - 1]:
            turns[states[n]].append(start + n * MINUTE)
    if turns[True]:
        assert desk.next_opening(start) == turns[True][0]
    if states[0] and turns[False]:
        assert desk.open_until(start) == turns[False][0]
