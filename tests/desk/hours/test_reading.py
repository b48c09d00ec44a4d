# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From rows to schedules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.desk.hours.models import Closure, EmergencyOpening, ExtraOpening, Interval, Season, Timetable
from arengo.desk.hours.reading import schedule_of, schedules
from arengo.desk.models import Desk
from tests.factories.hours import on, rome

pytestmark = pytest.mark.django_db


def test_a_desk_without_rows_is_closed_and_not_configured(scope: Organization) -> None:
    empty = Desk.objects.create(name="Biblioteca", slug="biblioteca")
    assert not schedule_of(empty.pk).configured


def test_every_kind_of_row_counts(urp: Desk, alice: Person) -> None:
    summer = Season.objects.create(
        desk=urp, name="Estate", first_month=7, first_day=1, last_month=8, last_day=31
    )
    Interval.objects.create(desk=urp, season=summer, weekday=0, opens=600, closes=660)
    Timetable.objects.create(desk=urp, patron_month=5, patron_day=4, patron_name="San Ciriaco")
    Closure.objects.create(
        desk=urp,
        first_day=on("2026-12-07"),
        last_day=on("2026-12-07"),
        reason='Ponte «dell\'Immacolata»; "off"',
        decided_by=alice,
    )
    ExtraOpening.objects.create(
        desk=urp, day=on("2026-12-05"), opens=540, closes=720, reason="Sagra", decided_by=alice
    )
    EmergencyOpening.objects.create(
        desk=urp,
        starts_at=rome("2026-12-06 17:40"),
        until=rome("2026-12-06 22:00"),
        closed_at=rome("2026-12-06 20:00"),
        reason="Allerta",
        opened_by=alice,
    )
    desk = schedule_of(urp.pk)
    assert desk.open_until(rome("2026-07-06 10:30")) == rome("2026-07-06 11:00")
    assert not desk.is_open(rome("2026-05-04 10:00"))
    assert desk.open_until(rome("2026-12-05 10:00")) == rome("2026-12-05 12:00")
    assert desk.open_until(rome("2026-12-06 18:00")) == rome("2026-12-06 20:00")
    assert desk.next_opening(rome("2026-12-06 20:00")) == rome("2026-12-09 09:00")
    assert desk.timetable.closures[0].reason.startswith("Ponte")


def test_many_desks_cost_one_query(urp: Desk, django_assert_num_queries: object) -> None:
    library = Desk.objects.create(name="Biblioteca", slug="biblioteca")
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = schedules([urp.pk, library.pk])
    assert found[urp.pk].configured
    assert not found[library.pk].configured
    assert schedules([]) == {}


def test_the_same_hours_are_evaluated_once(urp: Desk) -> None:
    assert schedule_of(urp.pk) is schedule_of(urp.pk)


def test_another_organization_has_no_schedule_of_ours(urp: Desk, altrove: Organization) -> None:
    with organization_scope(altrove), pytest.raises(LookupError):
        schedule_of(urp.pk)


def test_what_ended_years_ago_is_not_read(urp: Desk, alice: Person) -> None:
    long_ago = timezone.localdate() - timedelta(days=4 * 366)
    Closure.objects.create(desk=urp, first_day=long_ago, last_day=long_ago, decided_by=alice)
    assert schedule_of(urp.pk).timetable.closures == ()
