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
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.intake import retention
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
    return async_to_sync(retention.forget_old)(days=DAYS)


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
