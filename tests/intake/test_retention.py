# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raw webhooks are kept for days; what waits to be read is kept until it is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from arengo.core import batches
from arengo.core.console.retention import Held
from arengo.core.models import Organization
from arengo.core.retention.models import RetentionRun
from arengo.core.scope import every_organization
from arengo.delivery.models import Sender
from arengo.intake import retention, retention_rules
from arengo.intake.jobs import forget_webhooks
from arengo.intake.models import Journal, Seen
from tests.factories.delivery import make_sender
from tests.factories.intake import journal

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 14
WAITING, APPLIED, MARKED = Journal.State.WAITING, Journal.State.APPLIED, Journal.State.MARKED


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_LONGEST", 0.0)


def received(sender: Sender, state: int, days: float) -> Journal:
    return journal(sender, state=state, received_at=timezone.now() - timedelta(days=days))


def seen(sender: Sender, mark: bytes, days: float) -> Seen:
    return Seen.objects.create(sender=sender, message_hash=mark, at=timezone.now() - timedelta(days=days))


def forget() -> int:
    return async_to_sync(retention.forget_old)(days=DAYS).total()


def test_old_webhooks_go_and_those_that_wait_to_be_read_never(sender: Sender) -> None:
    waiting = received(sender, WAITING, 100)
    received(sender, APPLIED, DAYS + 1)
    received(sender, MARKED, DAYS + 1)
    young = received(sender, APPLIED, DAYS - 1)
    assert forget() == 2
    assert set(Journal.objects.values_list("pk", flat=True)) == {waiting.pk, young.pk}


def test_a_message_is_known_a_day_longer_than_its_webhook(sender: Sender) -> None:
    gone, kept = seen(sender, b"1" * 16, DAYS + 1.1), seen(sender, b"2" * 16, DAYS + 0.9)
    assert forget() == 1
    assert list(Seen.objects.all()) == [kept]
    assert not Seen.objects.filter(pk=gone.pk).exists()


def test_cut_off_in_the_middle_it_goes_on_the_next_time(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        received(sender, APPLIED, DAYS + 1)
    monkeypatch.setattr(retention, "BITE", 3)

    async def killed(_database: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(retention, "_busy", killed)
        with pytest.raises(KeyboardInterrupt):
            forget()
    assert Journal.objects.count() == 4
    assert forget() == 4
    assert not Journal.objects.exists()


def test_many_of_one_moment_all_go_although_a_batch_takes_only_some(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = timezone.now() - timedelta(days=DAYS + 1)
    for _ in range(5):
        journal(sender, state=APPLIED, received_at=at)
    monkeypatch.setattr(retention, "BITE", 2)
    assert forget() == 5


def test_the_age_decides_and_not_whose_it_is(sender: Sender, altrove: Organization) -> None:
    other = make_sender(altrove, "Altrove", credentials=sender.credentials)
    received(sender, APPLIED, DAYS + 1)
    theirs = received(other, APPLIED, DAYS - 1)
    assert forget() == 1
    assert list(Journal.objects.all()) == [theirs]


def test_each_organization_has_its_own_time(
    sender: Sender, altrove: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that the others keep longer are passed over, and do not stop the walk."""
    monkeypatch.setattr(retention, "BITE", 2)
    theirs = make_sender(altrove, "Altrove")
    kept = [received(theirs, APPLIED, 13 - number / 10) for number in range(5)]
    received(sender, APPLIED, 10)
    mark = seen(theirs, b"3" * 16, 10)
    seen(sender, b"4" * 16, 10)
    gone = async_to_sync(retention.forget_old)(days=DAYS, of={sender.pk: 8, theirs.pk: DAYS})
    assert gone == {sender.pk: 2}
    assert set(Journal.objects.values_list("pk", flat=True)) == {each.pk for each in kept}
    assert list(Seen.objects.all()) == [mark]


def test_the_night_writes_a_line_for_each_organization(sender: Sender, altrove: Organization) -> None:
    received(sender, APPLIED, 15)
    assert retention_rules.by_sender() == {sender.pk: DAYS}
    async_to_sync(forget_webhooks.func)(0)
    with every_organization("the test looks at all"):
        runs = RetentionRun.objects.filter(rule="intake.webhooks")
        assert {run.organization_id: run.gone for run in runs} == {sender.organization_id: 1, altrove.pk: 0}


def test_what_goes_the_next_night_is_counted_for_each_organization(
    sender: Sender, scope: Organization, altrove: Organization
) -> None:
    received(sender, APPLIED, 15)
    received(make_sender(altrove, "Altrove"), APPLIED, 20)
    counts, before = retention_rules._Webhooks(), timezone.now() - timedelta(days=DAYS)
    assert counts.count(before, Held(), most=10) == 1
    oldest = counts.oldest()
    assert oldest is not None
    assert timedelta(days=14.9) < timezone.now() - oldest < timedelta(days=15.1)
