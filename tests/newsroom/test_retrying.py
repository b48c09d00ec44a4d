# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending again what failed: to whom, at what cost, how often at most, and what has gone stale."""

from __future__ import annotations

from datetime import timedelta

import pytest

from arengo.audience.models import Subscription
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Budget, Delivery, DeliveryState, MessageTemplate, Price
from arengo.newsroom import publishing
from arengo.newsroom.models import Item, Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, retrying
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import decide
from tests.newsroom.pages import ROOT, Browse, Write, words


@pytest.fixture
def missed(out: Update) -> Placement:
    """The platform had a bad moment: it reached none of three."""
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131000, "Something went wrong")
    found: Placement = Placement.objects.select_related("update").get(outlet=LIST)
    return found


def address(missed: Placement, code: int = 131000) -> str:
    return f"{ROOT}{missed.update_id}/riprova/?outlet=list&code={code}"


def test_the_question_says_to_whom_at_what_cost_and_which_attempt(
    missed: Placement, edo: Person, browse: Browse
) -> None:
    Subscription.objects.filter(pk=Subscription.objects.earliest("pk").pk).update(active=False)
    page = words(browse(edo).get(address(missed)))
    assert "2 persone che non l'hanno avuto" in page
    assert "Un'altra persona si è cancellata o ha scelto altro: non le si scrive." in page
    assert "€ 0,11 stimati" in page
    assert "È il tentativo 2 di 3 per questo motivo" in page
    assert "Riprova con 2 persone" in page


def test_nothing_goes_without_the_question(missed: Placement, edo: Person, browse: Browse) -> None:
    browse(edo).get(address(missed))
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()


def test_two_presses_of_the_same_question_send_once(missed: Placement, edo: Person, browse: Browse) -> None:
    answer = {"outlet": "list", "code": "131000", "attempt": "2"}
    there = f"{ROOT}{missed.update_id}/riprova/"
    assert "3 messaggi ripartono." in words(browse(edo).post(there, answer, follow=True))
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131000, "Something went wrong")
    assert "Nessun messaggio riparte" in words(browse(edo).post(there, answer, follow=True))
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()


def test_the_third_attempt_is_the_last(missed: Placement, edo: Person, browse: Browse) -> None:
    for attempt in (2, 3):
        assert retrying.retry(missed, by=edo, codes=[131000], attempt=attempt) == 3
        decide(Delivery.objects.all(), DeliveryState.FAILED, 131000, "Something went wrong")
    page = words(browse(edo).get(address(missed)))
    assert "i tentativi sono finiti" in page
    assert "Riprova con" not in page
    assert retrying.retry(missed, by=edo, codes=[131000]) == 0
    attempts = [
        entry.detail["attempt"] for entry in AuditEntry.objects.filter(verb="newsroom.retried_failed")
    ]
    assert attempts == [2, 3]


def test_a_reason_that_stays_says_that_trying_again_does_not_help(
    out: Update, edo: Person, browse: Browse
) -> None:
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    assert "Riprovare di solito non serve." in words(browse(edo).get(f"{ROOT}{out.pk}/"))
    page = words(browse(edo).get(f"{ROOT}{out.pk}/riprova/?outlet=list&code=131026"))
    assert "Di solito il rifiuto si ripete" in page
    assert "Riprova con 3 persone" in page, "a person may know better"


def test_news_that_is_over_is_named_before_it_goes_again(
    missed: Placement, edo: Person, browse: Browse
) -> None:
    Update.objects.filter(pk=missed.update_id).update(sent_at=missed.update.sent_at - timedelta(days=9))
    Item.objects.filter(update=missed.update_id, position=2).update(text="La biblioteca apre ogni sabato")
    page = words(browse(edo).get(address(missed)))
    assert "La notizia 1 parla di sabato" in page  # «Sabato il mercato si sposta …»
    assert "La notizia 2" not in page


def test_without_a_price_the_cost_of_trying_again_is_not_zero(
    missed: Placement, edo: Person, browse: Browse
) -> None:
    Price.objects.all().delete()
    page = words(browse(edo).get(address(missed)))
    assert "Non si può dire: manca il prezzo." in page
    assert "€" not in page


def test_a_mailing_that_never_left_asks_as_well_before_it_goes(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    MessageTemplate.objects.update(status="PAUSED")
    publishing.carry_out(town.pk, update.pk)
    MessageTemplate.objects.update(status="APPROVED")
    there = f"{ROOT}{update.pk}/list/riprova/"
    assert f'href="{there}"' in browse(edo).get(f"{ROOT}{update.pk}/").content.decode()
    page = words(browse(edo).get(there))
    assert "3 persone iscritte alla lista WhatsApp" in page
    assert "€ 0,17 stimati" in page
    assert not Delivery.objects.exists()
    limit = Budget.objects.create(organization=town, amount="0.10", beyond=Budget.Beyond.STOPS)
    assert "Riprova adesso" not in words(browse(edo).get(there))
    assert "Il limite del mese" in words(browse(edo).post(there, follow=True))
    assert Update.objects.get().state == Update.State.PUBLISHED
    limit.delete()
    browse(edo).post(there)
    publishing.carry_out(town.pk, update.pk)
    assert Delivery.objects.count() == 3


def test_carlo_of_another_organization_tries_nothing_again(
    missed: Placement, altrove: Organization, carlo: Person, browse: Browse
) -> None:
    client = browse(carlo, host=STRANGER_HOST)
    assert client.get(address(missed)).status_code == 404
    assert client.post(f"{ROOT}{missed.update_id}/riprova/", {"code": "131000"}).status_code == 404
    for answer in (client.get, client.post):
        assert answer(f"{ROOT}{missed.update_id}/list/riprova/").status_code == 404
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()
