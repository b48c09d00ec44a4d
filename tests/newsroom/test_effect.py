# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a mailing brought about, beside the last ten: who was reached, who read it, who left because of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from arengo.audience.models import Consent, Identity
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, leaving
from arengo.newsroom.outlets.whatsapp_list.effect import LEFT, Effect, effect_of, who_left
from tests.factories.delivery import decide
from tests.factories.newsroom import sent_update
from tests.newsroom.pages import ROOT, Browse, words


@pytest.fixture
def placement(out: Update) -> Placement:
    """Three people have it."""
    decide(Delivery.objects.all(), DeliveryState.DELIVERED)
    found: Placement = Placement.objects.select_related("update").get(outlet=LIST)
    return found


def effect(placement: Placement) -> Effect:
    placement.refresh_from_db()
    return effect_of(placement, Fanout.objects.get(pk=placement.reference))


def leaves(number: int, at: datetime, reason: str = "unsubscribed") -> None:
    """The one who joined as this one leaves."""
    identity = Identity.objects.order_by("pk")[number]
    Consent.objects.create(
        organization_id=identity.organization_id,
        identity=identity,
        action=Consent.Action.WITHDRAWN,
        at=at,
        source=Consent.Source.MESSAGE,
        reason=reason,
    )


def test_who_leaves_within_a_day_of_their_message_is_counted(
    placement: Placement, town: Organization
) -> None:
    now = timezone.now()
    leaves(0, now + timedelta(hours=1))
    leaves(1, now + timedelta(hours=23), reason="platform")
    leaves(2, now + timedelta(hours=25))
    assert effect(placement).left == 2


@pytest.mark.parametrize("reason", ["invalid", "never_reached", "merged", "bulk", "erased"])
def test_who_was_taken_off_the_list_by_others_did_not_leave_because_of_it(
    placement: Placement, reason: str
) -> None:
    leaves(0, timezone.now() + timedelta(hours=1), reason)
    assert effect(placement).left == 0


def test_who_was_not_written_to_or_left_before_is_not_counted(placement: Placement) -> None:
    leaves(0, timezone.now() - timedelta(hours=1))
    Delivery.objects.filter(pk=Delivery.objects.order_by("pk")[1].pk).delete()
    leaves(1, timezone.now() + timedelta(hours=1))
    assert effect(placement).left == 0


def test_the_number_stays_when_it_is_forgotten_who_got_it(
    placement: Placement, edo: Person, browse: Browse
) -> None:
    leaves(0, timezone.now() + timedelta(hours=1))
    assert effect(placement).counting
    assert leaving.keep_due() == 0, "the window is open"
    day_ago = timezone.now() - timedelta(hours=25)
    Delivery.objects.update(accepted_at=day_ago)
    Fanout.objects.update(first_accepted_at=day_ago, last_accepted_at=day_ago)
    leaves(1, day_ago + timedelta(hours=2))
    assert leaving.keep_due() == 1
    assert leaving.keep_due() == 0, "each mailing once"
    Delivery.objects.all().delete()
    kept = effect(placement)
    assert (kept.left, kept.counting) == (1, False)
    page = words(browse(edo).get(f"{ROOT}{placement.update_id}/"))
    assert "Usciti dalla lista entro 24 ore dal messaggio 1" in page


def test_it_is_compared_with_the_last_ten_that_reached_somebody(
    placement: Placement, sender: Sender, edo: Person, write: Callable[..., Update]
) -> None:
    for number in range(12):  # the oldest read least
        fanout = Fanout.objects.create(
            organization_id=placement.organization_id,
            sender=sender,
            outgoing=b"{}",
            price_category="marketing",
            total=100,
            n_accepted=0 if number == 11 else 100,
            n_delivered=0 if number == 11 else 90,
            n_read=0 if number < 1 else 45,
        )
        earlier = sent_update(fanout, f"Prima {number}", edo)
        Update.objects.filter(pk=earlier.pk).update(sent_at=timezone.now() - timedelta(days=20 - number))
        Placement.objects.filter(update=earlier).update(detail={LEFT: 2})
    decide(Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk), DeliveryState.READ)
    found = effect(placement)
    assert found.compared == 10
    assert found.arrived is not None
    assert (found.arrived.now, found.arrived.usual, found.arrived.change) == (100, 90, 10)
    assert found.read is not None
    assert (found.read.now, found.read.usual, found.read.change) == (33, 50, -17)
    assert found.usual_left == 2.0


def test_of_the_first_mailing_there_is_nothing_to_compare_with(
    placement: Placement, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).get(f"{ROOT}{placement.update_id}/"))
    assert "È il primo invio: non c’è ancora nulla con cui confrontarlo." in page


def test_who_left_lies_in_no_other_organization(placement: Placement, altrove: Organization) -> None:
    leaves(0, timezone.now() + timedelta(hours=1))
    fanout = Fanout.objects.get(pk=placement.reference)
    fanout.organization_id = altrove.pk
    assert who_left(fanout) == 0
