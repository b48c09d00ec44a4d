# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving and being erased reach the outbox too."""

from __future__ import annotations

import pytest
from django.utils import timezone

from arengo.audience import arrivals, consent, privacy
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Contact, Identity
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.platforms.contract import Address, MessageReceived, PreferenceChanged, Text
from tests.factories.delivery import accepted_as, decide, make_sender, open_mailing

pytestmark = pytest.mark.django_db

LEAVER, STAYER = Address(phone="+393330000001", user_id="IT.1"), Address(phone="+393330000002")


def joined(sender: Sender, address: Address, number: int) -> Identity:
    message = MessageReceived(
        f"wamid.{number}", timezone.now(), address, "text", name="Prova", text="ISCRIVIMI"
    )
    arrivals.receive(Batch(sender.organization_id, sender.pk, [message], "whatsapp"))
    identity: Identity = Identity.objects.order_by("-pk")[0]
    return identity


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Sender:
    create_defaults(scope)
    return sender


def test_who_leaves_is_spared_what_still_waits(town: Sender) -> None:
    leaver = joined(town, LEAVER, 1)
    joined(town, STAYER, 2)
    fanout = open_mailing(town, [LEAVER, STAYER])
    consent.withdraw(leaver, at=timezone.now(), source="message", message_id="wamid.9", text="CANCELLAMI")
    states = dict(fanout.deliveries.order_by("pk").values_list("pk", "state"))
    assert list(states.values()) == [DeliveryState.CANCELLED, DeliveryState.QUEUED]


def test_who_stops_news_at_the_platform_is_spared_news_and_not_alerts_nor_answers(town: Sender) -> None:
    joined(town, LEAVER, 1)
    joined(town, STAYER, 2)
    news, alert = open_mailing(town, [LEAVER, STAYER]), open_mailing(town, [LEAVER], Urgency.ALERT)
    answer = outbox.enqueue(town, LEAVER, Text("Buongiorno"))
    stop = PreferenceChanged(LEAVER, wants_marketing=False, at=timezone.now())
    arrivals.preference_changed(Batch(town.organization_id, town.pk, [stop], "whatsapp"))
    assert list(news.deliveries.order_by("pk").values_list("state", flat=True)) == [
        DeliveryState.CANCELLED,
        DeliveryState.QUEUED,
    ]
    answer.refresh_from_db()
    assert {alert.deliveries.get().state, answer.state} == {DeliveryState.QUEUED}


def test_only_news_may_be_stopped_at_the_platform() -> None:
    assert [urgency for urgency in Urgency if urgency.is_marketing] == [Urgency.NEWS]


def test_what_has_left_stays_as_it_is(town: Sender) -> None:
    leaver = joined(town, LEAVER, 1)
    fanout = open_mailing(town, [LEAVER])
    decide(fanout.deliveries.all(), DeliveryState.ACCEPTED)
    consent.withdraw(leaver, at=timezone.now(), source="message", message_id="wamid.9", text="CANCELLAMI")
    assert fanout.deliveries.get().state == DeliveryState.ACCEPTED


def test_an_answer_of_the_desk_still_reaches_who_left_the_list(town: Sender) -> None:
    leaver = joined(town, LEAVER, 1)
    answer = outbox.enqueue(town, LEAVER, Text("Buongiorno"))
    consent.withdraw(leaver, at=timezone.now(), source="message", message_id="wamid.9", text="CANCELLAMI")
    answer.refresh_from_db()
    assert answer.state == DeliveryState.QUEUED


def test_who_is_erased_leaves_no_address_and_no_words(town: Sender, alice: Person) -> None:
    joined(town, LEAVER, 1)
    sent = open_mailing(town, [LEAVER, STAYER]).deliveries.order_by("pk")
    answer = outbox.enqueue(town, LEAVER, Text("Buongiorno"))
    decide(Delivery.objects.all(), DeliveryState.READ)
    accepted_as(Delivery.objects.all(), "wamid.x")
    privacy.erase(Contact.objects.get(), by=alice)
    for gone in (sent[0], Delivery.objects.get(pk=answer.pk)):
        assert bytes(gone.address_sealed) == b""
        assert gone.outgoing_sealed is None
        assert (gone.message_hash, gone.message_sealed) == (None, None)
        assert gone.state == DeliveryState.READ
    assert bytes(sent[1].address_sealed) != b""


def test_the_same_person_at_another_organization_is_not_touched(town: Sender, altrove: Organization) -> None:
    other = make_sender(altrove, "Altrove", credentials=town.credentials)
    leaver = joined(town, LEAVER, 1)
    theirs = open_mailing(other, [LEAVER])
    consent.withdraw(leaver, at=timezone.now(), source="message", message_id="wamid.9", text="CANCELLAMI")
    with organization_scope(altrove):
        assert theirs.deliveries.get().state == DeliveryState.QUEUED
