# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages show of conversations and messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Doubt, Outbox
from arengo.desk import bubbles, handling, privacy, replying
from arengo.desk.models import Conversation, Message
from tests.desk.road import DESK, Writes, jobs, page_of
from tests.factories.audience import citizen
from tests.factories.delivery import decide, lose
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def test_an_empty_desk_says_what_it_is_for(scope: Organization, olga: Person, browse: Browse) -> None:
    text = browse(olga).get(DESK).content.decode()
    assert "Nessuno aspetta." in text
    assert "il messaggio compare qui da solo" in text


def test_who_waits_is_in_the_list(conversation: Conversation, olga: Person, browse: Browse) -> None:
    text = browse(olga).get(DESK).content.decode()
    assert "Anna Esempio" in text
    assert "A che ora apre l&#x27;anagrafe?" in text
    assert "1 messaggio non letto" in text


def test_who_has_no_name_is_called_by_a_masked_number_or_by_none(
    write: Writes, olga: Person, browse: Browse
) -> None:
    write(said(citizen("", phone="+393330000041")), said(citizen("", user_id="IT.CLARA")))
    text = browse(olga).get(DESK).content.decode()
    assert "+39 … 41" in text
    assert "Senza nome" in text
    assert "3330000041" not in text
    clara = Conversation.objects.get(identity__phone_sealed=None)
    assert "senza numero" in browse(olga).get(page_of(clara)).content.decode()


def test_opening_it_shows_the_words_the_window_and_gives_blue_ticks(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    text = browse(olga).get(page_of(conversation)).content.decode()
    assert "rispondi</span> entro <b>" in text
    assert "23 h" in text
    assert "Prendi in carico" in text
    shown = {"shown": conversation.incoming_count, "last": conversation.messages.get().pk}
    browse(olga).post(f"{page_of(conversation)}visto/", shown)
    assert len(jobs("desk.mark_read")) == 1


def test_a_text_is_never_markup(write: Writes, anna: Identity, olga: Person, browse: Browse) -> None:
    write(said(anna, "<script>alert(1)</script>"))
    text = browse(olga).get(page_of(Conversation.objects.get())).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_when_the_window_is_shut_the_composer_gives_way_to_the_reason(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=25))
    text = browse(olga).get(page_of(conversation)).content.decode()
    assert "Sono passate 24 ore" in text
    assert 'id="composer"' not in text


def test_a_colleagues_conversation_shows_whose_it_is(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.take(conversation, by=olga)
    text = browse(bea).get(page_of(conversation)).content.decode()
    assert "Risponde Olga Esempio" in text
    assert "Passa a me" in text
    assert 'id="composer"' not in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState.QUEUED, "in invio"),
        (DeliveryState.ACCEPTED, "inviato"),
        (DeliveryState.SENT, "inviato"),
        (DeliveryState.DELIVERED, "consegnato"),
        (DeliveryState.READ, "letto"),
        (DeliveryState.FAILED, "non inviato"),
        (DeliveryState.UNKNOWN, "esito sconosciuto"),
    ],
)
def test_the_state_of_an_answer_is_said_in_words(
    conversation: Conversation, olga: Person, browse: Browse, state: DeliveryState, words: str
) -> None:
    replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    decide(Delivery.objects.all(), state)
    text = browse(olga).get(f"{page_of(conversation)}pannello/").content.decode()
    assert f'<span class="ticks-words">{words}</span>' in text


def test_a_failure_says_why_and_offers_to_try_again(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    client = browse(olga)
    text = client.get(page_of(conversation)).content.decode()
    assert "Motivo di WhatsApp: Message undeliverable" in text
    assert "Riprova" in text
    client.post(f"{DESK}messaggi/{message.pk}/riprova/")
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_of_an_answer_in_doubt_the_evidence_is_said_and_a_press_sends_it_again_once(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    lose(Delivery.objects.all())
    client = browse(olga)
    text = client.get(page_of(conversation)).content.decode()
    assert "Non si sa se è arrivato" in text
    assert "due volte" in text
    Doubt.objects.update(neighbours=31)
    text = client.get(page_of(conversation)).content.decode()
    assert "gli altri 31 messaggi spediti nello stesso momento hanno tutti la ricevuta" in text
    assert "Invia di nuovo" in text
    seen = re.search(r'name="mark" value="([0-9]+)"', text)
    assert seen is not None
    press = {"mark": seen[1]}
    for _click in range(2):
        client.post(f"{DESK}messaggi/{message.pk}/riprova/", press)
    assert Outbox.objects.count() == 1
    assert AuditEntry.objects.get(verb="desk.sent_again").detail == {
        "message": message.pk,
        "unknown": True,
        "not_sent": True,
    }
    # In doubt again: who still has the old words on screen decided about another doubt.
    lose(Delivery.objects.all())
    Doubt.objects.update(since=timezone.now() + timedelta(seconds=1))
    client.post(f"{DESK}messaggi/{message.pk}/riprova/", press)
    assert not Outbox.objects.exists()


def test_a_choice_without_words_is_named(write: Writes, anna: Identity) -> None:
    write(said(anna, "", kind="choice", choice_id="arengo:gone:1"), said(anna, "Sì", kind="choice"))
    assert [bubbles.preview(message) for message in Message.objects.order_by("pk")] == ["Scelta", "Sì"]


def test_an_unsupported_message_is_said_plainly(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    write(said(anna, "edit", kind="unsupported"))
    text = browse(olga).get(page_of(Conversation.objects.get())).content.decode()
    assert "Messaggio di un tipo che WhatsApp non ci consegna" in text


def test_an_erased_citizen_leaves_a_neutral_line(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    privacy.erase(conversation.contact_id)
    text = browse(olga).get(page_of(conversation)).content.decode()
    assert "Messaggio cancellato con i dati del cittadino" in text
    assert "Cittadino cancellato" in text
    assert "anagrafe" not in text
    assert 'id="composer"' not in text
