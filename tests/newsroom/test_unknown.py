# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of a mailing of which nobody knows whether they arrived: what a person reads, and what a press does."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from arengo.audience.models import Subscription
from arengo.core.events import Batch
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState, Doubt, Fanout, Outbox, Sender
from arengo.delivery.receipts import receipts
from arengo.delivery.sending import doubts
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, outcome, placing
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import decide, lose
from tests.newsroom.pages import ROOT, Browse, words


def mark(page: HttpResponse) -> str:
    found = re.search(r'name="seen" value="([0-9]+)"', page.content.decode())
    assert found is not None
    return found[1]


@pytest.fixture
def unknown(out: Update) -> Update:
    """Of three recipients all are unknown, and of two there is evidence that the message did not go."""
    lose(Delivery.objects.all())
    first, second, _third = Delivery.objects.order_by("pk")
    Doubt.objects.filter(pk=first.pk).update(neighbours=24, weigh_at=None)
    Doubt.objects.filter(pk=second.pk).update(neighbours=1310, weigh_at=None)
    return out


def address(update: Update) -> str:
    return f"{ROOT}{update.pk}/sconosciuti/"


def waiting() -> int:
    return int(Outbox.objects.count())


def test_the_outcome_says_how_many_are_unknown_and_how_many_did_not_go(
    unknown: Update, edo: Person, browse: Browse
) -> None:
    page = browse(edo).get(f"{ROOT}{unknown.pk}/")
    assert "2 non sono partiti, con ogni probabilità" in words(page)
    assert "Di 1 non si sa" in words(page)
    assert address(unknown) in page.content.decode()


def test_the_question_shows_the_evidence_and_what_each_answer_costs(
    unknown: Update, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).get(address(unknown)))
    assert "Solo 2: non sono partiti, con ogni probabilità" in page
    assert "spediti nello stesso momento (da 24 a 1.310) hanno tutti la ricevuta" in page
    assert "Di 1 non si sa: se è arrivato, quella persona lo riceve due volte" in page
    assert "Costo stimato: € 0,11" in page
    assert "Costo stimato: € 0,17" in page
    assert "Per 1 Arengo cerca ancora indizi" in page
    assert waiting() == 0, "a page sends nothing"


@pytest.mark.parametrize(("chosen", "moved"), [("not_sent", 2), ("all", 3)])
def test_a_press_sends_what_was_chosen_and_is_written_down(
    unknown: Update, edo: Person, browse: Browse, chosen: str, moved: int
) -> None:
    client = browse(edo)
    seen = mark(client.get(address(unknown)))
    page = client.post(address(unknown), {"which": chosen, "seen": seen}, follow=True)
    assert f"{moved} messaggi ripartono" in words(page)
    assert waiting() == moved
    assert Fanout.objects.get().n_unknown == 3 - moved
    entry = AuditEntry.objects.get(verb="newsroom.sent_unknown_again")
    assert (entry.person, entry.object_id) == (edo, str(unknown.pk))
    assert entry.detail == {
        "count": moved,
        "unknown": 3,
        "not_sent": 2,
        "only_not_sent": chosen == "not_sent",
    }


def test_a_double_click_sends_once(unknown: Update, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    press = {"which": "all", "seen": mark(client.get(address(unknown)))}
    client.post(address(unknown), press)
    again = client.post(address(unknown), press, follow=True)
    assert "Nessun messaggio riparte" in words(again)
    assert waiting() == 3


def test_an_old_page_does_not_send_again_what_came_into_doubt_since(
    unknown: Update, edo: Person, alice: Person, browse: Browse
) -> None:
    """Edo and Alice have the page open; Edo's press ends in doubt again; Alice decides about what she saw, and that is over."""
    old = mark(browse(alice).get(address(unknown)))
    outcome.send_unknown_again(Placement.objects.get(outlet=LIST), by=edo, mark=int(old), only_not_sent=False)
    lose(Delivery.objects.all())
    # Within one transaction time stands still.
    Doubt.objects.update(since=timezone.now() + timedelta(seconds=1))
    browse(alice).post(address(unknown), {"which": "all", "seen": old})
    assert waiting() == 0
    fresh = mark(browse(alice).get(address(unknown)))
    browse(alice).post(address(unknown), {"which": "all", "seen": fresh})
    assert waiting() == 3


def test_a_receipt_between_the_question_and_the_press_leaves_that_one_out(
    unknown: Update, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    seen = mark(client.get(address(unknown)))
    first = Delivery.objects.order_by("pk")[0]
    told = ReceiptReceived("wamid.1", ReceiptStatus.DELIVERED, timezone.now(), opaque=str(first.pk))
    receipts.apply(Batch(first.organization_id, first.sender_id, [told], "whatsapp"))
    client.post(address(unknown), {"which": "not_sent", "seen": seen})
    assert waiting() == 1
    assert Delivery.objects.get(pk=first.pk).state == DeliveryState.DELIVERED


def test_who_left_the_list_hears_nothing_more(unknown: Update, edo: Person, browse: Browse) -> None:
    Subscription.objects.filter(pk=Subscription.objects.earliest("pk").pk).update(active=False)
    client = browse(edo)
    seen = mark(client.get(address(unknown)))
    client.post(address(unknown), {"which": "all", "seen": seen})
    assert waiting() == 2


def test_without_evidence_only_all_can_be_chosen_and_nothing_is_chosen_beforehand(
    out: Update, edo: Person, browse: Browse
) -> None:
    lose(Delivery.objects.all())
    page = browse(edo).get(address(out))
    assert "not_sent" not in page.content.decode()
    assert " checked" not in page.content.decode()
    assert "chi l'ha già ricevuto lo riceve due volte" in words(page)
    nothing = browse(edo).post(address(out), {"seen": mark(page)}, follow=True)
    assert "Scegli quali messaggi inviare di nuovo" in words(nothing)
    assert waiting() == 0


@pytest.mark.parametrize(
    "press", [{}, {"which": "other"}, {"which": "all", "seen": "x"}, {"which": "all", "seen": "9" * 40}]
)
def test_a_strange_press_sends_nothing(
    unknown: Update, edo: Person, browse: Browse, press: dict[str, str]
) -> None:
    answer = browse(edo).post(address(unknown), press)
    assert answer.status_code == 302
    assert waiting() == 0


def test_of_a_stopped_or_a_forgotten_mailing_nothing_can_be_sent_again(
    unknown: Update, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    seen = mark(client.get(address(unknown)))
    for ended in ({"stopped_at": timezone.now()}, {"stopped_at": None, "forgotten_at": timezone.now()}):
        Fanout.objects.update(**ended)
        assert address(unknown) not in client.get(f"{ROOT}{unknown.pk}/").content.decode()
        assert "nessun messaggio dall'esito sconosciuto" in words(client.get(address(unknown), follow=True))
        client.post(address(unknown), {"which": "all", "seen": seen})
    assert waiting() == 0


def test_when_nothing_is_unknown_any_more_the_page_leads_back(
    out: Update, edo: Person, browse: Browse
) -> None:
    decide(Delivery.objects.all(), DeliveryState.DELIVERED)
    page = browse(edo).get(address(out), follow=True)
    assert "nessun messaggio dall'esito sconosciuto" in words(page)


def test_a_stranger_and_who_writes_no_news_see_and_send_nothing(
    unknown: Update, carlo: Person, olga: Person, browse: Browse
) -> None:
    stranger = browse(carlo, host=STRANGER_HOST)
    assert stranger.get(address(unknown)).status_code == 404
    assert stranger.post(address(unknown), {"which": "all"}).status_code == 404
    assert browse(olga).get(address(unknown)).status_code in (403, 404)
    assert browse(olga).post(address(unknown), {"which": "all"}).status_code in (403, 404)
    assert waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_who_press_at_once_send_once(
    town: Organization, sender: Sender, unknown: Update, edo: Person, alice: Person
) -> None:
    placement = Placement.objects.select_related("update").get(outlet=LIST)
    fanout = placing.mailing_of(placement)
    assert fanout is not None
    seen = doubts.unknown(fanout).mark

    def press(person: Person) -> int:
        try:
            with organization_scope(town):
                return outcome.send_unknown_again(placement, by=person, mark=seen, only_not_sent=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        moved = sorted(both.map(press, (edo, alice)))
    assert moved == [0, 3]
    assert waiting() == 3
