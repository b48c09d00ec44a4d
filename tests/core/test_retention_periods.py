# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each organization keeps things for as long as it chose, within bounds; shorter only after three days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.retention import introducing, periods
from arengo.core.retention.models import RetentionPeriod
from arengo.core.retention.periods import NotPossible, Period
from arengo.core.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def messages(scope: Organization) -> RetentionRule:
    return retention.rule("desk.messages")


def passed(days: float) -> None:
    """As if it had been chosen earlier."""
    for row in RetentionPeriod.objects.exclude(next_from=None):
        row.next_from -= timedelta(days=days)
        row.save()


def test_who_chose_nothing_has_the_default(messages: RetentionRule) -> None:
    assert periods.of(messages) == Period(365)


def test_longer_counts_at_once(messages: RetentionRule, esempio: Organization, alice: Person) -> None:
    assert periods.change(messages, 730, organization=esempio, by=alice) == Period(730)
    entry = AuditEntry.objects.get(verb="core.lengthened_retention")
    assert entry.detail == {"days_before": 365, "days_after": 730}


def test_shorter_starts_three_days_later(
    messages: RetentionRule, esempio: Organization, alice: Person
) -> None:
    now = periods.change(messages, 180, organization=esempio, by=alice)
    assert (now.days, now.next_days) == (365, 180)
    assert now.next_from is not None
    assert timedelta(days=2.9) < now.next_from - timezone.now() <= timedelta(days=3)
    passed(2.9)
    assert periods.of(messages).days == 365
    passed(0.2)
    assert periods.of(messages) == Period(180)
    assert AuditEntry.objects.get(verb="core.shortened_retention").detail == {
        "days_before": 365,
        "days_after": 180,
    }


def test_until_it_starts_it_is_taken_back(
    messages: RetentionRule, esempio: Organization, alice: Person
) -> None:
    periods.change(messages, 180, organization=esempio, by=alice)
    periods.take_back(messages, organization=esempio, by=alice)
    assert periods.of(messages) == Period(365)
    assert AuditEntry.objects.filter(verb="core.took_back_retention").count() == 1
    periods.take_back(messages, organization=esempio, by=alice)  # nothing is to come: nothing happens
    assert AuditEntry.objects.filter(verb="core.took_back_retention").count() == 1


def test_what_began_is_not_taken_back(messages: RetentionRule, esempio: Organization, alice: Person) -> None:
    periods.change(messages, 180, organization=esempio, by=alice)
    passed(4)
    periods.take_back(messages, organization=esempio, by=alice)
    assert periods.of(messages).days == 180


def test_the_days_of_now_chosen_again_take_back_what_was_to_come(
    messages: RetentionRule, esempio: Organization, alice: Person
) -> None:
    periods.change(messages, 180, organization=esempio, by=alice)
    assert periods.change(messages, 365, organization=esempio, by=alice) == Period(365)


def test_the_same_twice_is_one_change(messages: RetentionRule, esempio: Organization, alice: Person) -> None:
    first = periods.change(messages, 180, organization=esempio, by=alice)
    assert periods.change(messages, 180, organization=esempio, by=alice) == first
    assert AuditEntry.objects.filter(verb="core.shortened_retention").count() == 1


@pytest.mark.parametrize("days", [1, 89, 3651])
def test_outside_of_the_bounds_nothing_changes(
    messages: RetentionRule, esempio: Organization, alice: Person, days: int
) -> None:
    with pytest.raises(NotPossible, match="da 90 a 3650"):
        periods.change(messages, days, organization=esempio, by=alice)
    assert periods.of(messages) == Period(365)
    assert not AuditEntry.objects.filter(verb__endswith="_retention").exists()


def test_what_nobody_may_choose_is_not_chosen(
    scope: Organization, esempio: Organization, alice: Person
) -> None:
    with pytest.raises(NotPossible):
        periods.change(retention.rule("core.signals"), 30, organization=esempio, by=alice)


def test_the_installations_number_is_the_longest_also_when_it_becomes_shorter(
    scope: Organization, esempio: Organization, alice: Person, settings: pytest.FixtureRequest
) -> None:
    settings.ARENGO_DELIVERY_DAYS = 90  # type: ignore[attr-defined]  # pytest-django's
    mailings = retention.rule("delivery.mailings")
    with pytest.raises(NotPossible, match="da 35 a 90"):
        periods.change(mailings, 91, organization=esempio, by=alice)
    periods.change(mailings, 60, organization=esempio, by=alice)
    passed(4)
    assert periods.of(mailings) == Period(60)
    settings.ARENGO_DELIVERY_DAYS = 40  # type: ignore[attr-defined]
    assert periods.of(mailings) == Period(40)


def test_each_organization_has_its_own(
    messages: RetentionRule, esempio: Organization, altrove: Organization, alice: Person
) -> None:
    periods.change(messages, 730, organization=esempio, by=alice)
    assert periods.of_all("desk.messages") == {esempio.pk: 730, altrove.pk: 365}
    with organization_scope(altrove):
        assert periods.of(messages) == Period(365)


def test_former_addresses_stay_a_month_longer_than_what_was_sent_there(
    scope: Organization, esempio: Organization, alice: Person
) -> None:
    former = retention.rule("audience.former_addresses")
    assert former.lasts is not None
    assert former.lasts() == timedelta(days=120)
    for name in ("delivery.mailings", "delivery.singles"):
        periods.change(retention.rule(name), 40, organization=esempio, by=alice)
    passed(4)
    assert former.lasts() == timedelta(days=70)


def test_who_has_data_already_is_told_a_month_before_they_go(
    messages: RetentionRule, esempio: Organization, altrove: Organization, alice: Person
) -> None:
    """What a migration does that brings a new rule; a choice that was made is left alone."""
    with organization_scope(altrove):
        periods.change(messages, 730, organization=altrove, by=alice)
    introducing.for_who_was_there(messages.name, days=365, most=3650)(apps, None)
    now = periods.of(messages)
    assert (now.days, now.next_days) == (3650, 365)
    assert now.next_from is not None
    assert timedelta(days=29) < now.next_from - timezone.now() <= timedelta(days=30)
    assert periods.introduced() == timezone.localdate(now.next_from)
    passed(31)
    assert periods.of(messages) == Period(365)
    assert periods.introduced() is None
    with organization_scope(altrove):
        assert periods.of(messages) == Period(730)
