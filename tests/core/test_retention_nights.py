# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A night: what is over goes, each organization by its own time, and it is known what went and what did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from arengo.core.console import retention
from arengo.core.console.retention import Held, RetentionRule
from arengo.core.models import Organization
from arengo.core.retention import nights, running
from arengo.core.retention.aging import Aging
from arengo.core.retention.models import RetentionRun
from arengo.core.scope import every_organization, organization_scope
from tests.factories.retention import night

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Fails:
    def count(self, before: datetime, held: Held, *, most: int) -> int:
        return 1

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        return 0

    def oldest(self) -> datetime | None:
        return None

    def forget(self, before: datetime, held: Held) -> int:
        raise RuntimeError("no")


@pytest.fixture
def failing() -> Iterator[RetentionRule]:
    rule = RetentionRule("core.fails", "x", "y", lasts=lambda: timedelta(days=1), forgets=Fails())
    retention.register(rule)
    yield rule
    del retention._kept["core.fails"]


def ran(organization: Organization, rule: str, *, hours: float, gone: int = 0, complete: bool = True) -> None:
    at = timezone.now() - HOUR * hours
    with organization_scope(organization):
        RetentionRun.objects.create(rule=rule, began_at=at, ended_at=at, gone=gone, complete=complete)


def old(organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(created_at=timezone.now() - timedelta(days=30))


def test_the_night_goes_over_all_rules_of_all_organizations(
    esempio: Organization, altrove: Organization
) -> None:
    ran(esempio, "desk.messages", hours=500 * 24)
    ran(altrove, "desk.messages", hours=300 * 24)
    running.run_all()
    names = {rule.name for rule in retention.kept() if rule.forgets}
    with every_organization("the test looks at all"):
        runs = RetentionRun.objects.filter(ended_at__gte=timezone.now() - HOUR)
        assert {(run.organization_id, run.rule) for run in runs} == {
            (one.pk, name) for one in (esempio, altrove) for name in names
        }
        assert {run.organization_id: run.gone for run in runs if run.rule == "core.retention_runs"} == {
            esempio.pk: 1,
            altrove.pk: 0,
        }


def test_a_rule_that_fails_is_written_down_and_keeps_no_other_from_its_work(
    esempio: Organization, failing: RetentionRule
) -> None:
    assert failing.forgets is not None
    assert running.run(failing, failing.forgets, esempio) == 0
    assert night(esempio, "audience.edits") == 0
    with organization_scope(esempio):
        assert [(run.rule, run.complete) for run in RetentionRun.objects.order_by("pk")] == [
            ("core.fails", False),
            ("audience.edits", True),
        ]


def test_a_night_that_is_too_short_says_so_and_the_next_goes_on(esempio: Organization) -> None:
    for _number in range(3):
        ran(esempio, "desk.messages", hours=500 * 24)
    rule = retention.rule("core.retention_runs")
    two_at_once = Aging(RetentionRun.objects.all, at="ended_at", at_once=2)
    ticks = iter([0.0, 1.0, 10_000.0])
    assert running.run(rule, two_at_once, esempio, clock=lambda: next(ticks)) == 2
    with organization_scope(esempio):
        assert not RetentionRun.objects.latest("pk").complete
    assert night(esempio, "core.retention_runs") == 1


def test_a_worker_that_ends_stops_between_two_batches(esempio: Organization) -> None:
    for _number in range(3):
        ran(esempio, "desk.messages", hours=500 * 24)
    one_at_once = Aging(RetentionRun.objects.all, at="ended_at", at_once=1)
    asked = iter([False, False, True])
    rule = retention.rule("core.retention_runs")
    assert running.run(rule, one_at_once, esempio, stop=lambda: next(asked)) == 2
    with organization_scope(esempio):
        assert not RetentionRun.objects.latest("pk").complete
        before = RetentionRun.objects.count()
        running.run_all(lambda: True)
        assert RetentionRun.objects.count() == before


def test_the_last_night_is_all_that_ran_within_a_day(scope: Organization, esempio: Organization) -> None:
    ran(esempio, "desk.messages", hours=30, gone=100)
    ran(esempio, "desk.messages", hours=3, gone=2, complete=False)
    ran(esempio, "desk.messages", hours=2, gone=5)
    last = nights.last()["desk.messages"]
    assert (last.gone, last.complete) == (7, True)
    assert nights.gone_since(timezone.now() - 48 * HOUR) == {"desk.messages": 107}


def test_a_night_that_did_not_come_is_late_after_a_day_and_a_half(
    scope: Organization, esempio: Organization
) -> None:
    assert nights.late() == []  # an organization of today
    old(esempio)
    assert nights.late() == [(esempio.pk, "")]
    ran(esempio, "audience.edits", hours=2)
    ran(esempio, "desk.messages", hours=40)
    ran(esempio, "desk.messages", hours=10, complete=False)
    assert nights.late() == [(esempio.pk, "desk.messages")]
    ran(esempio, "desk.messages", hours=1)
    assert nights.late() == []


def test_another_organizations_night_is_not_ours(
    scope: Organization, esempio: Organization, altrove: Organization
) -> None:
    old(altrove)
    assert nights.late() == []
    with every_organization("the test looks at all"):
        assert nights.late() == [(altrove.pk, "")]


def test_the_next_night_is_at_one_in_universal_time() -> None:
    assert running.next_run(datetime(2026, 11, 30, 0, 59, tzinfo=UTC)) == datetime(
        2026, 11, 30, 1, tzinfo=UTC
    )
    assert running.next_run(datetime(2026, 11, 30, 1, 0, tzinfo=UTC)) == datetime(2026, 12, 1, 1, tzinfo=UTC)
