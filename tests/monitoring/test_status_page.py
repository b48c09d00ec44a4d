# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stato del servizio, as an administrator reads it. Who may open it is tested with the other settings pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.core.models import Erasure, Organization, Person
from arengo.delivery.models import Outbox, OutboxState, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.senders import activation
from arengo.intake.models import Journal
from arengo.platforms.contract import Address, Text
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import make_sender
from tests.factories.intake import journal
from tests.factories.monitoring import put_to_work

Browse = Callable[..., Client]


@pytest.fixture
def at_work(scope: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Sender:
    put_to_work(sender, monkeypatch, accepted=1234, receipts=2345, delay=0.5, pace=40.0, host="secret-host")
    return sender


def figures(page: str) -> dict[str, str]:
    """Each figure's label with its value and note."""
    found = re.findall(r"<dt>(.*?)</dt>(.*?)</div>", page, re.DOTALL)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", rest).split()) for label, rest in found}


def look(browse: Browse, person: Person, **more: Any) -> str:
    answer = browse(person, **more).get(reverse("settings:status_now"))
    assert answer.status_code == 200
    return str(answer.text)


def test_figures_are_said_in_plain_words(at_work: Sender, alice: Person, browse: Browse) -> None:
    for number in range(3):
        outbox.enqueue(at_work, Address(phone=f"+39333000000{number}"), Text("Buongiorno"))
    later = Outbox.objects.order_by("pk")[0]
    moment = timezone.localtime() + timedelta(days=2)
    Outbox.objects.filter(pk=later.pk).update(state=OutboxState.LATER, held=True, not_before=moment)
    told = figures(look(browse, alice))
    assert told["Ritmo"] == "40 al secondo rallentato: ne sono consentiti 80"
    assert told["In coda"].startswith("2 2 risposte; il primo aspetta da ")
    assert told["Rimandati"].startswith("1 per il limite di persone al giorno; il primo riparte il ")
    assert told["Accettati da WhatsApp"] == "1.234 nell’ultimo minuto"
    assert told["Ricevute"] == "2.345 nell’ultimo minuto; applicate entro 1 s"
    assert told["Da leggere"] == "0 in pari"
    assert told["Processi per invii e ricezione"] == told["Processi del sito"] == "1"


def test_all_is_well_when_nobody_has_to_act(at_work: Sender, alice: Person, browse: Browse) -> None:
    assert "Tutto funziona" in look(browse, alice)


def test_each_trouble_says_what_to_do_and_where(at_work: Sender, alice: Person, browse: Browse) -> None:
    activation.stop(at_work, reason="Invalid OAuth access token", code=190)
    journal(at_work, state=Journal.State.MARKED)
    page = look(browse, alice)
    assert "Tutto funziona" not in page
    assert re.findall(r'data-trouble="(\w+)"', page) == ["sender_stopped", "unread"]
    assert reverse("settings:sender", args=[at_work.pk]) in page
    assert reverse("settings:unread") in page


def test_nothing_speaks_by_itself_every_five_seconds(at_work: Sender, alice: Person, browse: Browse) -> None:
    activation.stop(at_work, reason="Invalid OAuth access token", code=190)
    assert 'role="alert"' not in look(browse, alice)
    assert "aria-live" not in look(browse, alice)


def test_the_page_asks_again_until_somebody_makes_it_stand_still(
    at_work: Sender, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    asks = f'hx-get="{reverse("settings:status_now")}"'
    assert asks in client.get(reverse("settings:status")).text
    still = client.get(reverse("settings:status") + "?fermo").text
    assert asks not in still
    assert "Riprendi ad aggiornarla" in still


def test_the_names_of_machines_are_not_for_tenants(at_work: Sender, alice: Person, browse: Browse) -> None:
    assert "secret-host" not in look(browse, alice)


def test_carlo_reads_of_his_own_numbers_only(
    at_work: Sender, altrove: Organization, carlo: Person, browse: Browse
) -> None:
    make_sender(altrove, "Numero di Altrove")
    outbox.enqueue(at_work, Address(phone="+393330000001"), Text("Buongiorno"))
    journal(at_work, state=Journal.State.MARKED)
    page = look(browse, carlo, host=STRANGER_HOST)
    assert "Numero di Altrove" in page
    assert "Comune di Esempio" not in page
    told = figures(page)
    assert told["In coda"] == "0"
    assert told["Non capiti"] == "0"


def test_a_town_without_numbers_is_told_where_to_add_one(
    scope: Organization, alice: Person, browse: Browse
) -> None:
    assert "Impostazioni → Mittenti" in look(browse, alice)


def test_erasures_that_wait_for_the_night_are_a_figure_while_there_are_some(
    at_work: Sender, alice: Person, browse: Browse
) -> None:
    assert "Eliminazioni" not in figures(look(browse, alice))
    Erasure.objects.create(object_type="audience.Contact", object_id="1")
    assert figures(look(browse, alice))["Eliminazioni"].startswith("1 spariscono dai file della banca dati")
