# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The time of sending decides, whatever order things come in; what comes before its message waits for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.events import CitizenWrote, IdentitiesMerged
from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.core.models import LiveEvent, Organization, Person
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Fanout, Sender
from arengo.desk import inbox, privacy, references, replying
from arengo.desk.lists.listing import WAITING
from arengo.desk.models import Conversation, Message, Reaction
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from tests.desk.listing import shown, waiting
from tests.desk.road import Writes, named
from tests.factories.audience import citizen
from tests.factories.delivery import accepted_as
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def reaction(who: Identity, emoji: str, to: str, *, ago: float = 0) -> CitizenWrote:
    at = timezone.now() - timedelta(seconds=ago)
    return said(who, emoji, kind="reaction", reaction_to=to, sent_at=at)


def answered(conversation: Conversation, olga: Person, text: str = "Alle nove") -> Message:
    [message] = replying.reply(conversation, by=olga, text=text, key=text)
    return message


# --- early ----------------------------------------------------------------------------------------------------


def test_a_quote_that_comes_before_its_message_is_linked_when_that_comes(
    write: Writes, anna: Identity
) -> None:
    write(said(anna, "E il sabato?", reply_to="wamid.first"))
    quoting = Message.objects.get()
    assert (quoting.reply_to, quoting.quoted_hash is None) == (None, False)
    LiveEvent.objects.all().delete()
    write(
        said(
            anna, "Aprite il lunedì?", message_id="wamid.first", sent_at=timezone.now() - timedelta(minutes=1)
        )
    )
    quoting.refresh_from_db()
    assert quoting.reply_to == Message.objects.exclude(pk=quoting.pk).get()
    assert quoting.quoted_hash is None
    assert LiveEvent.objects.filter(topic=quoting.conversation.topic).exists()


def test_a_reaction_that_comes_before_its_message_stands_on_it_when_that_comes(
    write: Writes, anna: Identity
) -> None:
    write(reaction(anna, "🙏", "wamid.first"))
    assert Conversation.objects.count() == 0
    write(said(anna, "Grazie", message_id="wamid.first"))
    assert Message.objects.get().citizen_reaction == "🙏"
    assert Reaction.objects.count() == 0


@pytest.mark.parametrize("by", ["answer", "receipt"])
def test_a_quote_of_ours_and_a_reaction_to_it_wait_until_the_platforms_id_is_known(
    write: Writes, anna: Identity, olga: Person, conversation: Conversation, by: str
) -> None:
    ours = answered(conversation, olga)
    write(said(anna, "Bene", reply_to="wamid.ours"), reaction(anna, "👍", "wamid.ours"))
    LiveEvent.objects.all().delete()
    of_it = Delivery.objects.filter(pk=ours.delivery_id)
    if by == "answer":
        accepted_as(of_it, "wamid.ours")
    else:
        from arengo.delivery.receipts import applying
        from arengo.platforms.contract import ReceiptReceived, ReceiptStatus

        told = ReceiptReceived("wamid.ours", ReceiptStatus.READ, timezone.now(), opaque=str(ours.delivery_id))
        applying.apply(Batch(conversation.organization_id, conversation.sender_id, [told], "whatsapp"))
    ours.refresh_from_db()
    assert ours.citizen_reaction == "👍"
    assert Message.objects.get(text="Bene").reply_to == ours
    assert LiveEvent.objects.filter(topic=conversation.topic).exists()


def test_an_early_reaction_that_was_taken_back_meanwhile_leaves_none(write: Writes, anna: Identity) -> None:
    write(reaction(anna, "", "wamid.first", ago=1), reaction(anna, "❤️", "wamid.first", ago=5))
    write(said(anna, "Grazie", message_id="wamid.first"))
    write(reaction(anna, "❤️", "wamid.first", ago=5))
    assert Message.objects.get().citizen_reaction == ""


def test_what_two_readers_did_at_the_same_moment_is_bound_within_a_minute(
    write: Writes, anna: Identity
) -> None:
    write(said(anna, "Uno", message_id="wamid.first"), said(anna, "Due"))
    Message.objects.filter(text="Due").update(quoted_hash=vault().message_hash("wamid.first"))
    assert references.bind_waiting(within=timedelta(minutes=10)) == 1
    assert Message.objects.get(text="Due").reply_to == Message.objects.get(text="Uno")


def test_what_never_comes_is_said_on_screen_and_forgotten(
    browse: Browse, write: Writes, anna: Identity, olga: Person
) -> None:
    write(said(anna, "E quello?", reply_to="wamid.nowhere"), reaction(anna, "👍", "wamid.nowhere.2"))
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/")
    assert "In risposta a un messaggio che qui non c’è." in page.content.decode()
    old = timezone.now() - references.WAIT - timedelta(minutes=1)
    Message.objects.update(received_at=old)
    Reaction.objects.update(received_at=old)
    references.forget_waiting()
    assert Message.objects.get().quoted_hash is None
    assert Reaction.objects.count() == 0


def test_a_citizen_cannot_pile_up_reactions_to_nothing(
    write: Writes, anna: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "MOST_WAITING", 3)
    write(*(reaction(anna, "👍", f"wamid.none.{n}", ago=100 - n) for n in range(9)))
    kept = {bytes(row) for row in Reaction.objects.values_list("referred_hash", flat=True)}
    assert kept == {vault().message_hash(f"wamid.none.{n}") for n in (6, 7, 8)}


# --- in whatever order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("early", [True, False])
def test_the_reaction_that_was_sent_last_stands(
    write: Writes, anna: Identity, order: tuple[int, ...], together: bool, early: bool
) -> None:
    told = [reaction(anna, emoji, "wamid.first", ago=ago) for emoji, ago in (("👍", 30), ("", 20), ("❤️", 10))]
    message = said(anna, "Grazie", message_id="wamid.first")
    batches = [[told[n] for n in order]] if together else [[told[n]] for n in order]
    for batch in [*batches, [message]] if early else [[message], *batches]:
        write(*batch)
    assert Message.objects.get().citizen_reaction == "❤️"


def test_of_two_sent_in_the_same_second_the_later_to_come_stands(write: Writes, anna: Identity) -> None:
    at = timezone.now().replace(microsecond=0)
    write(said(anna, "Grazie", message_id="wamid.first"))
    for emoji in ("👍", "❤️"):
        write(said(anna, emoji, kind="reaction", reaction_to="wamid.first", sent_at=at))
    assert Message.objects.get().citizen_reaction == "❤️"


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
def test_the_row_shows_the_message_with_which_the_thread_ends(
    write: Writes, anna: Identity, olga: Person, order: tuple[int, ...], together: bool
) -> None:
    now = timezone.now()
    events = [
        said(anna, text, sent_at=now - timedelta(minutes=minutes))
        for text, minutes in (("Uno", 30), ("Due", 20), ("Tre", 10))
    ]
    for batch in [[events[n] for n in order]] if together else [[events[n]] for n in order]:
        write(*batch)
    [row] = shown(WAITING, olga)
    thread = inbox.thread(row)
    assert [message.text for message in thread.messages] == ["Uno", "Due", "Tre"]
    assert (row.last_message, row.last_message_at) == (thread.messages[-1], thread.messages[-1].sent_at)
    assert (row.waiting_since, row.unread) == (now - timedelta(minutes=30), 3)


def test_what_comes_late_does_not_hide_our_answer_but_waits_for_one(
    browse: Browse, write: Writes, anna: Identity, olga: Person, conversation: Conversation
) -> None:
    ours = answered(conversation, olga)
    before = timezone.now() - timedelta(minutes=40)
    write(said(anna, "Ah, e il sabato?", sent_at=before))
    conversation.refresh_from_db()
    assert (conversation.last_message, conversation.unread) == (ours, 1)
    assert conversation.waiting_since == before
    assert waiting() == 1
    page = browse(olga).get(f"/console/sportello/{conversation.pk}/").content.decode()
    assert "arrivato il" in page


def test_merged_conversations_end_with_the_message_sent_last(
    write: Writes, anna: Identity, scope: Organization, sender: Sender
) -> None:
    other = citizen("Anna senza numero", user_id="IT.1")
    write(
        said(anna, "Dopo", sent_at=timezone.now() - timedelta(minutes=1)), reaction(other, "👍", "wamid.none")
    )
    write(said(other, "Prima", sent_at=timezone.now() - timedelta(minutes=9)))
    event = IdentitiesMerged(anna.contact_id, anna.pk, other.contact_id, other.pk)
    privacy.identities_merged(Batch(scope.pk, sender.pk, [event]))
    kept = Conversation.objects.get()
    assert kept.last_message is not None
    assert kept.last_message.text == "Dopo"
    assert Reaction.objects.get().contact_id == anna.contact_id


# --- updates --------------------------------------------------------------------------------------------------


def fanout_of(update: Update) -> Fanout:
    fanout = mailing_of(update.placements.get(outlet=LIST))
    assert fanout is not None
    return fanout


@pytest.mark.parametrize("early", [False, True])
def test_a_quote_of_an_update_reaches_the_operator_with_its_words(
    browse: Browse, write: Writes, anna: Identity, olga: Person, update: Update, early: bool
) -> None:
    if not early:
        named(fanout_of(update), anna)
    write(said(anna, "A che ora comincia?", reply_to="wamid.fair"))
    if early:
        named(fanout_of(update), anna)
        references.bind_waiting(within=timedelta(minutes=10))
    message = Message.objects.get()
    assert message.quoted_fanout == fanout_of(update)
    page = browse(olga).get(f"/console/sportello/{message.conversation_id}/").content.decode()
    assert "Aggiornamento del" in page
    assert "Sagra della porchetta" in page
    assert "Sabato in piazza" in page
    assert "https://www.example.it/sagra" in page
    assert "/console/redazione/" not in page.split('id="conversation"')[1]


def test_who_writes_updates_finds_the_way_to_it(
    browse: Browse, write: Writes, anna: Identity, alice: Person, update: Update
) -> None:
    named(fanout_of(update), anna)
    write(said(anna, "A che ora comincia?", reply_to="wamid.fair"))
    page = browse(alice).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert update.get_absolute_url() in page


@pytest.mark.parametrize("early", [False, True])
def test_a_reaction_to_an_update_stands_between_the_messages_and_is_counted(
    browse: Browse, write: Writes, anna: Identity, olga: Person, edo: Person, update: Update, early: bool
) -> None:
    write(said(anna, "Buongiorno", sent_at=timezone.now() - timedelta(minutes=5)))
    if not early:
        named(fanout_of(update), anna)
    LiveEvent.objects.all().delete()
    write(reaction(anna, "❤️", "wamid.fair", ago=60), reaction(anna, "👍", "wamid.fair", ago=90))
    if early:
        named(fanout_of(update), anna)
        references.bind_waiting(within=timedelta(minutes=10))
    conversation = Conversation.objects.get()
    assert set(LiveEvent.objects.values_list("topic", flat=True)) >= {conversation.topic, "update:1"}
    write(said(anna, "Allora?"))
    page = browse(olga).get(f"/console/sportello/{conversation.pk}/").content.decode()
    assert "Reazione ❤️ all’aggiornamento" in page
    assert "👍 all’aggiornamento" not in page
    assert page.index("Buongiorno</div>") < page.index("Reazione ❤️") < page.index("Allora?</div>")
    assert (conversation.unread, Conversation.objects.count()) == (1, 1)
    outcome = browse(edo).get(update.get_absolute_url()).content.decode()
    assert "❤️ 1" in outcome


def test_a_reaction_alone_opens_no_conversation_and_one_taken_back_is_gone(
    browse: Browse, write: Writes, anna: Identity, olga: Person, update: Update
) -> None:
    named(fanout_of(update), anna)
    write(reaction(anna, "❤️", "wamid.fair", ago=60))
    assert Conversation.objects.count() == 0
    write(reaction(anna, "", "wamid.fair", ago=30))
    write(reaction(anna, "👍", "wamid.fair", ago=45))  # came late
    write(said(anna, "Buongiorno"))
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert "all’aggiornamento" not in page


def test_an_update_that_nobody_knows_any_more_is_still_named_by_its_day(
    browse: Browse, write: Writes, anna: Identity, olga: Person, update: Update
) -> None:
    named(fanout_of(update), anna)
    write(said(anna, "A che ora?", reply_to="wamid.fair"))
    Placement.objects.all().delete()
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert "Aggiornamento del" in page


# --- privacy --------------------------------------------------------------------------------------------------


def test_erasing_a_citizen_takes_their_references_and_reactions(
    write: Writes, anna: Identity, scope: Organization, sender: Sender, update: Update
) -> None:
    named(fanout_of(update), anna)
    write(said(anna, "E quello?", reply_to="wamid.nowhere"), reaction(anna, "👍", "wamid.nowhere"))
    write(reaction(anna, "❤️", "wamid.fair"), said(anna, "Ore?", reply_to="wamid.fair"))
    privacy.erase(anna.contact_id)
    assert Reaction.objects.count() == 0
    assert not Message.objects.exclude(quoted_hash=None, quoted_fanout=None).exists()


def test_an_export_holds_the_reactions_to_updates(
    write: Writes, anna: Identity, scope: Organization, sender: Sender, update: Update
) -> None:
    named(fanout_of(update), anna)
    write(reaction(anna, "❤️", "wamid.fair"))
    [given] = json.loads(json.dumps(privacy.export(anna.contact_id)))["reactions_to_updates"]
    assert (given["reaction"], given["update"]) == ("❤️", "Sagra della porchetta")


# --- of one person ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["message", "reference"])
@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_what_was_said_with_somebody_else_is_neither_quoted_nor_reacted_to(
    write: Writes, anna: Identity, olga: Person, conversation: Conversation, first: str, whose: str
) -> None:
    bruno = citizen("Bruno Esempio")

    def refer() -> None:
        write(said(bruno, "E io?", reply_to="wamid.annas"), reaction(bruno, "😀", "wamid.annas"))

    if first == "reference":
        refer()
    if whose == "theirs":
        write(said(anna, "Il mio segreto", message_id="wamid.annas"))
        annas = Message.objects.get(text="Il mio segreto")
    else:
        annas = answered(conversation, olga)
        accepted_as(Delivery.objects.filter(pk=annas.delivery_id), "wamid.annas")
    if first == "message":
        refer()
    annas.refresh_from_db()
    quoting = Message.objects.get(text="E io?")
    assert (quoting.reply_to, quoting.quoted_fanout, quoting.quoted_hash) == (None, None, None)
    assert annas.citizen_reaction == ""
    write(reaction(anna, "🙏", "wamid.annas"))
    annas.refresh_from_db()
    assert annas.citizen_reaction == "🙏"
