# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a mailing goes, why some failed, sending those again, stopping the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Subscription
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sql import statement
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, outcome, placing, retrying
from arengo.platforms.contract import Address
from tests.factories.audience import subscribe
from tests.factories.delivery import claim, decide


@pytest.fixture
def placement(town: Organization, write: Callable[..., Update], edo: Person) -> Placement:
    """On its way to three subscribers."""
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    found: Placement = Placement.objects.select_related("update").get(outlet=LIST)
    return found


def fail(count: int, code: int, reason: str) -> None:
    rows = list(
        Delivery.objects.filter(state=DeliveryState.QUEUED)
        .order_by("pk")
        .values_list("pk", flat=True)[:count]
    )
    decide(Delivery.objects.filter(pk__in=rows), DeliveryState.FAILED, code, reason)


def fanout_of(placement: Placement) -> Fanout:
    fanout = placing.mailing_of(placement)
    assert fanout is not None
    return fanout


def test_it_is_over_when_nothing_waits(placement: Placement) -> None:
    before = outcome.outcome_of(fanout_of(placement))
    assert (before.total, before.waiting, before.settled, before.is_over) == (3, 3, 0, False)
    decide(Delivery.objects.all(), DeliveryState.DELIVERED)
    after = outcome.outcome_of(fanout_of(placement))
    assert (after.accepted, after.delivered, after.waiting, after.is_over) == (3, 3, 0, True)


def test_reasons_are_grouped_by_the_platforms_code_and_explained(placement: Placement) -> None:
    fail(2, 131026, "Message undeliverable")
    fail(1, 131049, "Not delivered to maintain healthy ecosystem engagement")
    first, second = outcome.reasons(fanout_of(placement))
    assert (first.code, first.count, first.own_words) == (131026, 2, "Message undeliverable")
    assert first.meaning.startswith("Messaggio non consegnabile")
    assert second.code == 131049


def test_trying_again_sends_to_those_of_that_reason(placement: Placement, edo: Person) -> None:
    fail(2, 131026, "Message undeliverable")
    fail(1, 131000, "Something went wrong")
    assert retrying.retry(placement, by=edo, codes=[131026]) == 2
    assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 2
    assert fanout_of(placement).n_failed == 1
    assert AuditEntry.objects.get(verb="newsroom.retried_failed").detail == {
        "codes": [131026],
        "count": 2,
        "attempt": 2,
    }


def test_who_left_the_list_is_not_tried_again(placement: Placement, edo: Person) -> None:
    fail(3, 131026, "Message undeliverable")
    Subscription.objects.filter(pk=Subscription.objects.earliest("pk").pk).update(active=False)
    assert retrying.retry(placement, by=edo) == 2


def test_stopping_spares_those_who_wait(placement: Placement, edo: Person) -> None:
    first = Delivery.objects.earliest("pk")
    decide(Delivery.objects.filter(pk=first.pk), DeliveryState.DELIVERED)
    assert outcome.stop(placement, by=edo) == 2
    result = outcome.outcome_of(fanout_of(placement))
    assert (result.cancelled, result.waiting, result.settled, result.is_over) == (2, 0, 1, True)
    assert outcome.stop(placement, by=edo) == 0
    assert retrying.retry(placement, by=edo) == 0
    assert AuditEntry.objects.filter(verb="newsroom.stopped").count() == 1


def test_a_mailing_stopped_while_it_is_filled_sends_to_nobody_more(
    town: Organization,
    write: Callable[..., Update],
    edo: Person,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subscribe(town, sender, 20, first=100)
    monkeypatch.setattr(placing, "_CHUNK", 5)
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    real = outbox.fill

    def fill_then_somebody_stops(fanout: Fanout, addresses: Iterable[Address]) -> int:
        added = real(fanout, addresses)
        Fanout.objects.filter(pk=fanout.pk).update(stopped_at=fanout.created_at)
        return added

    monkeypatch.setattr(outbox, "fill", fill_then_somebody_stops)
    publishing.carry_out(town.pk, update.pk)
    assert Delivery.objects.count() == 5
    assert not Delivery.objects.exclude(state=DeliveryState.CANCELLED).exists()


@pytest.mark.parametrize(
    ("stopped", "state"), [(True, DeliveryState.CANCELLED), (False, DeliveryState.QUEUED)]
)
def test_a_message_given_back_after_the_stop_is_cancelled_too(
    placement: Placement, edo: Person, stopped: bool, state: DeliveryState
) -> None:
    held = Delivery.objects.earliest("pk")
    claim(Delivery.objects.filter(pk=held.pk), epoch=1)
    if stopped:
        assert outcome.stop(placement, by=edo) == 2
    with connection.cursor() as cursor:
        cursor.execute(
            statement("requeue"),
            {
                "epoch": 1,
                "ids": [held.pk],
                "not_before": [timezone.now()],
                "codes": [130429],
                "reasons": ["Rate limit hit"],
                "counts": [True],
                "outages": [False],
            },
        )
    assert Delivery.objects.get(pk=held.pk).state == state


def test_a_mailing_of_long_ago_still_says_what_is_known_and_offers_no_second_try(
    placement: Placement, edo: Person, browse: Callable[..., Client]
) -> None:
    fail(2, 131026, "Message undeliverable")
    page = browse(edo).get(placement.update.get_absolute_url()).content.decode()
    assert "data-forgotten" not in page
    assert "retry-131026" in page
    Fanout.objects.update(
        forgotten_at=timezone.now(),
        emptied_at=timezone.now(),
        reasons=[[131026, 2, "Message undeliverable"]],
        n_waiting=0,
    )
    Delivery.objects.all().delete()
    page = browse(edo).get(placement.update.get_absolute_url()).content.decode()
    assert "data-forgotten" in page
    assert "Message undeliverable" in page
    assert "retry-131026" not in page
    fanout_of(placement)
    assert retrying.retry(placement, by=edo) == 0
