# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message that comes near to a command of the list: an operator reads it, and one press counts it as the citizen's request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience import consent
from arengo.audience.commands import JOIN, LEAVE
from arengo.audience.models import Consent, Identity, Subscription
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, Sender
from arengo.desk import replying
from arengo.desk.list_requests.verbs import RequestRefused, count_as
from arengo.desk.models import Conversation, Message
from tests.desk.road import Writes, page_of
from tests.factories.audience import list_settings
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
NEAR = "mi potete dire se mi cancellate dalla lista?"
ASKS = "posso iscrivermi anche se abito fuori?"


@pytest.fixture(autouse=True)
def _worded(scope: Organization, answer_by_itself: object) -> None:
    list_settings(scope)


@pytest.fixture
def talk(write: Writes, anna: Identity) -> Conversation:
    write(said(anna, NEAR))
    found: Conversation = Conversation.objects.get()
    return found


def on_the_list(anna: Identity) -> None:
    earlier = timezone.now() - timedelta(days=9)
    consent.give(
        anna, at=earlier, message_id="wamid.join", text="ISCRIVIMI", sender_id=Sender.objects.get().pk
    )


def shown(browse: Browse, person: Person, conversation: Conversation) -> bool:
    return 'id="list-request"' in browse(person).get(page_of(conversation)).content.decode()


def press(browse: Browse, person: Person, conversation: Conversation, kind: str, message: Message) -> int:
    where = page_of(conversation) + "richiesta/"
    return browse(person).post(where, {"as": kind, "message": message.pk}).status_code


def test_it_stands_above_the_answer_with_two_buttons(
    talk: Conversation, browse: Browse, olga: Person, rita: Person
) -> None:
    page = browse(olga).get(page_of(talk)).content.decode()
    assert "Forse chiede di non ricevere più gli avvisi della lista:" in page
    assert "Adesso non è fra gli iscritti." in page
    assert 'value="leave"' in page
    assert 'value="join"' in page
    assert not shown(browse, rita, talk)  # who only reads


@pytest.mark.parametrize("text", ["Buongiorno, a che ora aprite?", "il cancello è rotto", "CANCELLAMI"])
def test_other_messages_have_none(
    write: Writes, anna: Identity, browse: Browse, olga: Person, text: str
) -> None:
    write(said(anna, text))
    assert not shown(browse, olga, Conversation.objects.get())


def test_an_answered_message_is_looked_at_no_more(
    talk: Conversation, write: Writes, anna: Identity, browse: Browse, olga: Person
) -> None:
    replying.reply(talk, by=olga, text="Certo, scriva CANCELLAMI.", key="one")
    assert not shown(browse, olga, talk)
    write(said(anna, ASKS))
    assert "Forse chiede di ricevere" in browse(olga).get(page_of(talk)).content.decode()


def test_leaving_is_counted_with_the_message_as_proof(
    talk: Conversation, anna: Identity, browse: Browse, olga: Person
) -> None:
    on_the_list(anna)
    message = Message.objects.get()
    assert press(browse, olga, talk, LEAVE, message) == 302
    assert not Subscription.objects.get(identity=anna).active
    proof = Consent.objects.latest("pk")
    assert (proof.action, proof.source, proof.by, proof.text) == ("withdrawn", "staff", olga, NEAR)
    assert AuditEntry.objects.filter(verb="audience.unsubscribed", person=olga).exists()
    assert Delivery.objects.count() == 1  # the goodbye
    assert not shown(browse, olga, talk)


def test_joining_is_counted_and_welcomed(write: Writes, anna: Identity, browse: Browse, olga: Person) -> None:
    write(said(anna, ASKS))
    talk, message = Conversation.objects.get(), Message.objects.get()
    assert press(browse, olga, talk, JOIN, message) == 302
    assert Subscription.objects.get(identity=anna).active
    proof = Consent.objects.latest("pk")
    assert (proof.action, proof.source, proof.by, proof.text) == ("given", "staff", olga, ASKS)
    assert AuditEntry.objects.filter(verb="audience.subscribed", person=olga).exists()
    [welcome] = Message.objects.filter(direction="out")
    assert welcome.automatic == "audience.welcome"


def test_pressed_twice_it_counts_once(talk: Conversation, anna: Identity, olga: Person, bea: Person) -> None:
    message = Message.objects.get()
    count_as(talk, message, JOIN, by=olga)
    with pytest.raises(RequestRefused, match="già stato contato"):
        count_as(talk, message, JOIN, by=bea)
    with pytest.raises(RequestRefused, match="già stato contato"):
        count_as(talk, message, LEAVE, by=bea)
    assert Consent.objects.count() == 1
    assert Subscription.objects.get().active


def test_what_was_said_later_stands(talk: Conversation, anna: Identity, olga: Person) -> None:
    on_the_list(anna)
    consent.withdraw(
        anna,
        at=timezone.now() + timedelta(minutes=1),
        source=Consent.Source.MESSAGE,
        message_id="wamid.later",
    )
    with pytest.raises(RequestRefused, match="ha detto altro"):
        count_as(talk, Message.objects.get(), JOIN, by=olga)
    assert not Subscription.objects.get(identity=anna).active


def test_where_nobody_may_be_written_to_it_counts_without_an_answer(
    talk: Conversation, anna: Identity, olga: Person
) -> None:
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=25))
    talk.refresh_from_db()
    count_as(talk, Message.objects.get(), JOIN, by=olga)
    assert Subscription.objects.get(identity=anna).active
    assert Delivery.objects.count() == 0


def test_a_message_of_ours_or_of_another_conversation_is_none(
    talk: Conversation, write: Writes, browse: Browse, olga: Person
) -> None:
    replying.reply(talk, by=olga, text="Un momento.", key="one")
    ours = Message.objects.get(direction="out")
    with pytest.raises(RequestRefused):
        count_as(talk, ours, JOIN, by=olga)
    ours.pk += 1000
    assert press(browse, olga, talk, JOIN, ours) == 404
    assert press(browse, olga, talk, "everything", Message.objects.get(direction="in")) == 400
    assert Consent.objects.count() == 0
