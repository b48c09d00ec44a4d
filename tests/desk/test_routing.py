# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second responder on the number: what it has is shown, never unread, and answered by nobody here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arengo.audience.events import ConversationMoved, ReplyWanted
from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, Sender
from arengo.desk import handling, replying, routing
from arengo.desk.models import Conversation, Handover, Message
from arengo.intake import responders
from arengo.intake.models import SecondResponder
from arengo.platforms.contract import HandedOver, IncomingMedia, Nature, Refusal, Remedy
from tests.desk.moments import at
from tests.desk.road import Writes, jobs
from tests.factories.audience import citizen
from tests.factories.desk import said

Browse = Callable[..., Client]


def copied(who: Identity, text: str, minutes: float, **fields: Any) -> Any:
    return said(who, text, copy=True, sent_at=at(minutes), **fields)


def echo(who: Identity, text: str, minutes: float) -> Any:
    return copied(who, text, minutes, nature=Nature.ECHO)


@pytest.fixture
def move(scope: Organization, sender: Sender) -> Callable[..., None]:
    def reported(*events: ConversationMoved) -> None:
        routing.moved(Batch(scope.pk, sender.pk, events))

    return reported


@pytest.fixture
def held(write: Writes, anna: Identity) -> Conversation:
    """Anna asked us; then somebody else took over."""
    write(said(anna, "C’è un lampione rotto", sent_at=at(0)))
    Conversation.objects.update(unread=0)
    write(copied(anna, "È davanti al numero 12", 10), echo(anna, "Sono l’assistente virtuale", 11))
    return Conversation.objects.get()


def test_copies_are_in_the_thread_and_never_unread(held: Conversation) -> None:
    assert [(m.text, m.direction, m.copy) for m in Message.objects.order_by("sent_at")] == [
        ("C’è un lampione rotto", "in", False),
        ("È davanti al numero 12", "in", True),
        ("Sono l’assistente virtuale", "out", True),
    ]
    assert (held.unread, held.held_by_other, held.held_at) == (0, True, at(11))


def test_a_copy_keeps_the_window_of_the_number_open(held: Conversation) -> None:
    assert held.citizen_wrote_at == at(10)


def test_a_copy_of_somebody_new_is_there_to_read_and_waits_for_nobody(write: Writes, anna: Identity) -> None:
    write(copied(anna, "Salve", 1))
    conversation = Conversation.objects.get()
    assert (conversation.is_open, conversation.unread, conversation.waiting_since) == (True, 0, None)


def test_an_edit_or_deletion_in_copy_makes_nothing_unread(write: Writes, anna: Identity) -> None:
    write(copied(anna, "Salve", 1, message_id="wamid.K"))
    write(copied(anna, "Salve!", 2, nature=Nature.EDIT, about="wamid.K"))
    conversation = Conversation.objects.get()
    assert (conversation.unread, conversation.waiting_since) == (0, None)
    assert Message.objects.get().text == "Salve!"


def test_a_message_to_us_gives_the_conversation_back(
    held: Conversation, write: Writes, anna: Identity
) -> None:
    write(said(anna, "Ci siete?", sent_at=at(20)))
    held.refresh_from_db()
    assert (held.held_by_other, held.unread) == (False, 1)
    assert [line.ours for line in Handover.objects.all()] == [False, True]


def test_an_older_message_that_comes_late_gives_nothing_back(
    held: Conversation, write: Writes, anna: Identity
) -> None:
    write(said(anna, "dimenticavo", sent_at=at(5)))
    held.refresh_from_db()
    assert held.held_by_other


def test_the_platforms_word_decides_by_its_time(
    write: Writes, anna: Identity, move: Callable[..., None]
) -> None:
    write(said(anna, "Salve", sent_at=at(0)))
    move(ConversationMoved(anna.pk, False, at(5), "primary"), ConversationMoved(anna.pk, True, at(3)))
    assert Conversation.objects.get().held_by_other
    move(ConversationMoved(anna.pk, True, at(9), "escalation_partner"))
    move(ConversationMoved(anna.pk, True, at(9), "escalation_partner"))
    assert not Conversation.objects.get().held_by_other
    assert Handover.objects.count() == 3


def test_a_handover_of_somebody_without_a_conversation_is_no_trouble(
    anna: Identity, move: Callable[..., None]
) -> None:
    move(ConversationMoved(anna.pk, False, at(1)))
    assert Handover.objects.count() == 0


def test_nobody_answers_by_itself_what_another_has(
    held: Conversation, write: Writes, anna: Identity, answer_by_itself: Writes
) -> None:
    write(copied(anna, "ISCRIVIMI", 12, message_id="wamid.J"))
    answer_by_itself(ReplyWanted(anna.contact_id, anna.pk, "Benvenuta", "wamid.J", "audience.welcome"))
    assert Delivery.objects.count() == 0


def test_an_operator_cannot_write_into_it_and_loses_no_words(
    held: Conversation, olga: Person, browse: Browse
) -> None:
    with pytest.raises(replying.HeldByOther):
        replying.reply(held, by=olga, text="Buongiorno", key="k")
    page = browse(olga).get(f"/console/sportello/{held.pk}/").content.decode()
    assert "Adesso qui risponde qualcun altro, non il Comune." in page
    assert "ricevuto in copia" in page
    assert "non l’ha scritto il Comune" in page
    assert 'id="composer"' not in page


def test_reading_it_marks_nothing_read_at_the_platform(held: Conversation) -> None:
    Conversation.objects.update(unread=1)
    held.refresh_from_db()
    handling.mark_seen(held)
    read = [job["message_id"] for job in jobs("desk.mark_read")]
    assert read == [Message.objects.get(copy=False).pk]


def test_a_file_of_another_responder_is_named_and_not_fetched(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    write(said(anna, "Salve", sent_at=at(0)))
    media = IncomingMedia(media_id="m", mime_type="image/jpeg")
    write(copied(anna, "", 1, nature=Nature.ECHO, kind="image", media=media))
    assert jobs("desk.fetch_media") == []
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert "in invio" not in page
    assert "non l’ha scritto il Comune" in page


# --- taking it back -------------------------------------------------------------------------------------------


def test_an_operator_takes_it_back(
    held: Conversation, olga: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "call", lambda *_args, **_options: None)
    browse(olga).post(f"/console/sportello/{held.pk}/riprendi/")
    held.refresh_from_db()
    assert not held.held_by_other
    replying.reply(held, by=olga, text="Eccomi", key="k")


def test_a_refusal_is_said_and_stays_in_the_history(
    held: Conversation, olga: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise Refusal(Remedy.NEVER, code=2494191, title="no")

    monkeypatch.setattr(routing, "call", refuse)
    page = browse(olga).post(f"/console/sportello/{held.pk}/riprendi/", HTTP_HX_REQUEST="true")
    assert "2494191" in page.content.decode()
    held.refresh_from_db()
    assert held.held_by_other
    again = browse(olga).get(f"/console/sportello/{held.pk}/").content.decode()
    assert "ultimo responsabile" in again
    assert "ha chiesto di riprenderla: rifiutato" in again


# --- the banner -----------------------------------------------------------------------------------------------


@pytest.fixture
def notice(scope: Organization, sender: Sender) -> Callable[[float], None]:
    def seen(minutes: float) -> None:
        event = HandedOver(citizen().address, True, at(minutes))
        responders.handed_over(Batch(scope.pk, sender.pk, [event]))

    return seen


def has_banner(client: Client, path: str = "/console/sportello/") -> bool:
    return 'data-banner="second-responder"' in client.get(path).content.decode()


def test_the_banner_is_for_operators_and_administrators(
    notice: Callable[[float], None], olga: Person, alice: Person, edo: Person, browse: Browse
) -> None:
    assert not has_banner(browse(olga))
    notice(1)
    assert has_banner(browse(olga))
    assert has_banner(browse(alice))
    assert has_banner(browse(olga), "/console/schede/")
    assert not has_banner(browse(edo), "/console/redazione/")


def test_an_administrator_acknowledges_it_and_it_returns_when_seen_anew(
    notice: Callable[[float], None], sender: Sender, olga: Person, alice: Person, browse: Browse
) -> None:
    notice(1)
    path = f"/console/sportello/altro-risponditore/{sender.pk}/visto/"
    assert browse(olga).post(path).status_code in (403, 404)
    browse(alice).post(path)
    assert not has_banner(browse(alice))
    notice(1)  # the same webhook, read again
    assert not has_banner(browse(alice))
    notice(600)
    assert has_banner(browse(alice))
    assert SecondResponder.objects.get().since == at(600)


def test_a_stranger_sees_no_banner_and_no_page_of_ours(
    notice: Callable[[float], None], held: Conversation, sender: Sender, carlo: Person, browse: Browse
) -> None:
    notice(1)
    stranger = browse(carlo, "altrove.test")
    assert not has_banner(stranger)
    assert stranger.post(f"/console/sportello/altro-risponditore/{sender.pk}/visto/").status_code == 404
    assert stranger.post(f"/console/sportello/{held.pk}/riprendi/").status_code == 404
    assert "Anna" not in stranger.get("/console/sportello/altro-risponditore/").content.decode()


def test_the_page_says_what_to_do_and_about_whom(
    notice: Callable[[float], None], held: Conversation, olga: Person, browse: Browse
) -> None:
    notice(1)
    page = browse(olga).get("/console/sportello/altro-risponditore/").content.decode()
    assert "messaging_handovers" in page
    assert "Anna Esempio" in page
