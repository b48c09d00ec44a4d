# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments of a day: over both changes of the clock, in quiet hours, in the plan's free places."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from arengo.newsroom.schedule.clock import NoSuchMoment, Times, moment

ROME = ZoneInfo("Europe/Rome")
_MINUTES = st.integers(0, 24 * 60 - 1)
_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # st.just(UTC) adds it


def test_an_hour_that_the_clock_skips_is_none() -> None:
    with pytest.raises(NoSuchMoment):
        moment(date(2027, 3, 28), 2 * 60 + 30, ROME)
    assert moment(date(2027, 3, 28), 3 * 60, ROME).astimezone(UTC).hour == 1


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    assert moment(date(2026, 10, 25), 2 * 60 + 30, ROME).astimezone(UTC).hour == 0


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), _MINUTES)
def test_a_moment_reads_on_the_clock_as_it_was_asked_for(day: date, minutes: int) -> None:
    try:
        at = moment(day, minutes, ROME)
    except NoSuchMoment:
        assert day.month == 3
        return
    local = at.astimezone(UTC).astimezone(ROME)
    assert (local.date(), local.hour * 60 + local.minute) == (day, minutes)


@given(_MOMENTS, _MINUTES, _MINUTES)
def test_quiet_ends_at_the_first_minute_that_is_not_quiet(at: datetime, start: int, end: int) -> None:
    times = Times(start, end)
    if not times.is_quiet(at.astimezone(ROME)):
        return
    ends = times.quiet_ends(at, ROME)
    assert ends > at
    assert not times.is_quiet(ends.astimezone(ROME))
    step = at
    while step < ends - timedelta(minutes=1):  # nothing between is loud, but for the hour that comes twice
        assert times.is_quiet(step.astimezone(ROME)) or _clock_changes(step)
        step += timedelta(minutes=7)


def _clock_changes(at: datetime) -> bool:
    around = timedelta(hours=3)
    return (at - around).astimezone(ROME).utcoffset() != (at + around).astimezone(ROME).utcoffset()


def test_the_same_hour_twice_is_never_quiet() -> None:
    times = Times(8 * 60, 8 * 60)
    assert not any(times.is_quiet(datetime(2026, 11, 30, hour, tzinfo=ROME)) for hour in range(24))


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (0, True), (7, True), (8, False)]
)
def test_the_night_goes_over_midnight(hour: int, quiet: bool) -> None:
    assert Times().is_quiet(datetime(2026, 11, 30, hour, tzinfo=ROME)) is quiet


@given(_MOMENTS, st.sets(st.integers(0, 6)), _MINUTES)
def test_places_are_days_of_the_plan_to_come(after: datetime, weekdays: set[int], at: int) -> None:
    places = Times(weekdays=sorted(weekdays), at=at).places(after, ROME, (), most=3)
    assert len(places) == (3 if weekdays else 0)
    assert places == sorted(places)
    for place in places:
        local = place.astimezone(ROME)
        assert place > after
        assert local.weekday() in weekdays
        assert local.hour * 60 + local.minute == at


def test_a_place_that_is_taken_is_passed_over() -> None:
    times = Times(weekdays=[1, 4], at=11 * 60)
    monday = datetime(2026, 11, 30, 12, tzinfo=ROME)
    tuesday, friday = times.places(monday, ROME, (), most=2)
    assert (tuesday.day, friday.day) == (1, 4)
    assert times.places(monday, ROME, [tuesday], most=1) == [friday]
