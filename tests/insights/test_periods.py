# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The days that are asked for, the ones before and after, and the columns of a chart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from arengo.insights import periods
from arengo.insights.periods import Fault, Kind, Period
from tests.factories.hours import on

_DAYS = st.dates(date(2015, 1, 1), date(2100, 1, 1))


def period(first: str, last: str) -> Period:
    return Period(on(first), on(last))


@pytest.mark.parametrize(
    ("asked", "before", "after"),
    [
        (("2026-11-23", "2026-11-29"), ("2026-11-16", "2026-11-22"), ("2026-11-30", "2026-12-06")),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), ("2026-04-01", "2026-04-30")),
        (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31"), ("2025-01-01", "2025-12-31")),
        (("2026-11-10", "2026-11-12"), ("2026-11-07", "2026-11-09"), ("2026-11-13", "2026-11-15")),
    ],
)
def test_the_one_before_and_the_one_after(
    asked: tuple[str, str], before: tuple[str, str], after: tuple[str, str]
) -> None:
    assert period(*asked).before == period(*before)
    assert period(*asked).after == period(*after)


def test_while_it_lasts_it_is_compared_with_as_many_days() -> None:
    week = period("2026-11-23", "2026-11-29")
    assert week.compared_with(on("2026-11-25")) == period("2026-11-16", "2026-11-18")
    assert week.compared_with(on("2026-12-25")) == period("2026-11-16", "2026-11-22")
    assert period("2026-03-01", "2026-03-31").compared_with(on("2026-03-30")).last == on("2026-02-28")


@given(first=_DAYS, days=st.integers(1, periods.MOST_DAYS))
def test_columns_cover_each_day_once(first: date, days: int) -> None:
    asked = Period(first, first + timedelta(days=days - 1))
    starts = asked.starts()
    assert starts[0] == first
    assert starts == sorted(set(starts))
    assert starts[-1] <= asked.last
    assert len(starts) <= 40
    assert asked.before.last + timedelta(days=1) == asked.first
    assert asked.after.first - timedelta(days=1) == asked.last


@given(day=_DAYS)
def test_weeks_months_and_years_know_what_they_are(day: date) -> None:
    for kind, whole in (
        (Kind.WEEK, periods.week_of),
        (Kind.MONTH, periods.month_of),
        (Kind.YEAR, periods.year_of),
    ):
        found = whole(day)
        assert found.first <= day <= found.last
        assert found.kind is kind


def test_days_in_the_wrong_order_are_turned_round() -> None:
    found, fault = periods.read("2026-11-15", "2026-11-09", on("2026-11-29"))
    assert (found, fault) == (period("2026-11-09", "2026-11-15"), None)


@pytest.mark.parametrize("last", ["2026-11-30", "2026-12-06", "2040-12-31"])
def test_days_that_are_all_to_come_are_not_shown(last: str) -> None:
    today = on("2026-11-29")
    assert periods.read("2026-11-30", last, today) == (periods.usual(today), Fault.TO_COME)
    assert periods.read("2026-11-29", "2026-12-06", today)[1] is None  # they have begun
