# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two WhatsApp numbers of one person: the code goes from one chat to the other, and they have one subscription."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience import frequencies, receiving
from arengo.audience.choices import id_of
from arengo.audience.commands import FREQUENCY, Parser
from arengo.audience.frequencies import Frequency
from arengo.audience.linking import verbs
from arengo.audience.linking.chat import CODE, HERE, KIND, LINK, UNLINK
from arengo.audience.linking.models import Link, LinkCode
from arengo.audience.models import Consent, Identity, Quarter, Subscription, Topic
from arengo.audience.receiving import Receives
from arengo.audience.recipients import Purpose, Recipients
from arengo.audience.topic_lists import IS
from arengo.audience.topics.models import Choosing
from arengo.core import automatic
from arengo.core.models import Organization
from arengo.delivery.models import Delivery
from arengo.platforms.contract import Nature
from tests.audience.hearing import Heard
from tests.audience.linking.two_chats import link_up
from tests.factories.audience import ANNA, BRUNO, CLARA, at, known, message
from tests.factories.linking import code_in

__all__ = ["link_up"]

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]

WORK = BRUNO  # Anna's other number


@pytest.fixture(autouse=True)
def switched_on(town: Organization) -> None:
    automatic.switch([KIND], on=True)


def reached() -> list[str]:
    """Where news goes, and alerts, which is the same here; counts and hashes agree."""
    news, alerts = Recipients(), Recipients(purpose=Purpose.ALERT)
    found = sorted(address.phone or address.user_id or "" for address in news.addresses())
    assert sorted(address.phone or address.user_id or "" for address in alerts.addresses()) == found
    hashes = [identity.subject_hash for identity in Identity.objects.all()]
    assert news.count() == alerts.count() == news.among(hashes) == alerts.among(hashes) == len(found)
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("collega", LINK),
        ("COLLEGA", LINK),
        ("Buongiorno, vorrei collegare le mie chat. Grazie", LINK),
        ("collega un altro numero", LINK),
        ("Scollega", UNLINK),
        ("vorrei scollegare questo numero", UNLINK),
        ("ricevi qui", HERE),
        ("Voglio ricevere gli avvisi qui", HERE),
        ("482913", CODE),
        (" 482 913 ", CODE),
    ],
)
def test_what_links_chats(text: str, kind: str) -> None:
    command = Parser.of_organization().text(text)
    assert command is not None
    assert command.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "un mio collega non riceve gli avvisi",
        "collega?",
        "come collego la stampante",
        "qui",
        "ricevete qui i rifiuti ingombranti?",
        "48291",
        "4829133",
        "pratica 482913",
        "48 29 13",
    ],
)
def test_what_says_something_else_is_for_people(text: str) -> None:
    command = Parser.of_organization().text(text)
    assert command is None or command.kind not in {LINK, UNLINK, HERE, CODE}


def test_the_code_typed_in_the_other_chat_links_both_and_both_are_told(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)), message(WORK, "ISCRIVIMI", sent_at=at(0)))
    assert reached() == [ANNA.phone, WORK.phone]
    found = link_up()
    assert found.preferred == known(ANNA)
    assert reached() == [ANNA.phone]
    assert "Collegata a WhatsApp" in heard.replies[-1].text
    assert ANNA.phone not in heard.replies[-1].text
    assert "RICEVI QUI" in heard.replies[-1].text
    assert not LinkCode.objects.exists()
    theirs = Delivery.objects.filter(address_hash=known(ANNA).subject_hash)
    assert theirs.count() == 3  # the welcome, the code, and that the other chat is linked
    assert not Consent.objects.filter(action="withdrawn").exists()
    assert known(ANNA).contact != known(WORK).contact  # each has its own card


def test_who_is_on_the_list_with_the_other_chat_is_reached_there(
    arrive: Arrive, link_up: Callable[[], Link]
) -> None:
    arrive(message(WORK, "ISCRIVIMI", sent_at=at(0)))
    assert link_up().preferred == known(WORK)
    assert reached() == [WORK.phone]


def test_a_third_chat_is_linked_only_after_the_others_came_apart(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    link_up()
    arrive(message(ANNA, "collega"))
    assert "già collegata" in heard.replies[-1].text
    arrive(message(CLARA, "collega"))
    arrive(message(WORK, code_in(heard.replies[-1].text)))
    assert "già collegata" in heard.replies[-1].text
    assert Link.objects.count() == 1


def test_leaving_in_either_chat_leaves_for_both_and_the_proof_says_where(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)), message(WORK, "ISCRIVIMI", sent_at=at(0)))
    link_up()
    leaving = message(WORK, "CANCELLAMI", sent_at=at(3))
    arrive(leaving)
    assert reached() == []
    here = Consent.objects.get(identity=known(WORK), action="withdrawn")
    there = Consent.objects.get(identity=known(ANNA), action="withdrawn")
    assert (here.text, here.effective, here.elsewhere) == ("CANCELLAMI", False, True)
    assert here.message_id == leaving.message_id
    assert here.subject_hash == known(WORK).subject_hash
    assert "chat collegata su WhatsApp" in there.text
    assert (there.effective, there.elsewhere, there.message_id) == (True, False, "")
    goodbyes = [reply for reply in heard.replies if reply.kind == "audience.goodbye"]
    assert [reply.identity_id for reply in goodbyes] == [known(WORK).pk]
    arrive(leaving)  # told again
    assert Consent.objects.filter(action="withdrawn").count() == 2
    arrive(message(ANNA, "scollega", sent_at=at(4)))
    assert reached() == []  # they left; nothing brings them back


def test_joining_in_either_chat_joins_where_they_are_reached(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    arrive(message(ANNA), message(WORK))
    found = link_up()
    assert found.preferred == known(ANNA)
    arrive(message(WORK, "ISCRIVIMI", sent_at=at(5)))
    assert reached() == [ANNA.phone]
    assert heard.replies[-1].kind == "audience.welcome"
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(6)))
    assert reached() == [ANNA.phone]


def test_a_word_that_is_told_again_after_the_chats_came_apart_changes_nothing(
    arrive: Arrive, link_up: Callable[[], Link]
) -> None:
    link_up()
    joined = message(WORK, "ISCRIVIMI", sent_at=at(5))
    arrive(joined)
    arrive(message(WORK, "scollega", sent_at=at(6)))
    assert reached() == [ANNA.phone]
    arrive(joined)
    assert reached() == [ANNA.phone]
    assert Consent.objects.filter(action="given").count() == 2  # what came of it, and where it was said


def test_a_word_that_changes_nothing_there_says_so_in_both_proofs(
    arrive: Arrive, link_up: Callable[[], Link]
) -> None:
    link_up()
    arrive(message(WORK, "CANCELLAMI", sent_at=at(5)))
    assert list(Consent.objects.values_list("effective", "elsewhere")) == [(False, False), (False, False)]


def test_quarters_and_frequency_are_of_the_one_subscription_and_move_with_it(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequencies, "_registered", {})
    frequencies.register(Frequency("digests", "Solo il riepilogo", "solo con il riepilogo"))
    automatic.switch(["audience.choices"], on=True)
    borgo = Quarter.objects.create(name="Borgo", words=["borgo"])
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)))
    link_up()
    arrive(message(WORK, "ISCRIVIMI BORGO", sent_at=at(3)))
    pressed = message(
        WORK, "Solo il riepilogo", kind="choice", sent_at=at(4), choice_id=id_of(FREQUENCY, f"{IS}digests")
    )
    arrive(pressed)
    chosen = Receives(frozenset(), frozenset({borgo.pk}), "digests")
    assert receiving.of(Subscription.objects.get(identity=known(ANNA))) == chosen
    arrive(message(WORK, "ricevi qui", sent_at=at(5)))
    assert receiving.of(Subscription.objects.get(identity=known(WORK))) == chosen
    arrive(message(WORK, "scollega", sent_at=at(6)))
    assert receiving.of(Subscription.objects.get(identity=known(ANNA), active=True)) == chosen


def test_choices_made_in_either_chat_are_of_the_one_subscription(
    arrive: Arrive, link_up: Callable[[], Link]
) -> None:
    automatic.switch(["audience.choices"], on=True)
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)))
    link_up()
    topic = Topic.objects.first()
    arrive(message(WORK, f"CANCELLAMI {topic.words[0] if topic.words else topic.name}", sent_at=at(7)))
    chosen = set(Subscription.objects.get(identity=known(ANNA)).topics.values_list("pk", flat=True))
    assert chosen == set(Topic.objects.values_list("pk", flat=True)) - {topic.pk}
    row = Choosing.objects.get()
    assert (row.identity_id, row.message_id) == (known(ANNA).pk, "")
    assert "chat collegata su WhatsApp" in row.text  # their words are in the chat where they said them


def test_a_join_said_in_the_other_chat_is_taken_back_by_its_edit(
    arrive: Arrive, link_up: Callable[[], Link]
) -> None:
    link_up()
    joined = message(WORK, "ISCRIVIMI", sent_at=at(5))
    arrive(joined)
    assert reached() == [ANNA.phone]
    arrive(message(WORK, "A che ora aprite?", sent_at=at(6), nature=Nature.EDIT, about=joined.message_id))
    assert reached() == []


def test_receiving_here_moves_the_one_subscription(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)))
    link_up()
    arrive(message(WORK, "ricevi qui", sent_at=at(3)))
    assert reached() == [WORK.phone]
    assert "ora arrivano qui" in heard.replies[-1].text
    arrive(message(ANNA, "scollega", sent_at=at(4)))
    assert reached() == [ANNA.phone]
    assert "Qui ricevi gli avvisi" in heard.replies[-1].text
    assert not Subscription.objects.filter(identity=known(WORK)).exists()


def test_coming_apart_brings_back_what_was_put_aside(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)), message(WORK, "ISCRIVIMI", sent_at=at(0)))
    link_up()
    arrive(message(WORK, "scollega", sent_at=at(4)))
    assert reached() == [ANNA.phone, WORK.phone]
    assert not Link.objects.exists()
    arrive(message(WORK, "scollega", sent_at=at(5)))
    assert "non è collegata" in heard.replies[-1].text


def test_receiving_here_without_a_link_is_for_people(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "ricevi qui"))
    assert heard.replies == []
    assert [written.command for written in heard.written] == [""]


def test_where_the_town_does_not_send_codes_a_person_answers(arrive: Arrive, heard: Heard) -> None:
    automatic.switch([KIND], on=False)
    arrive(message(ANNA, "collega"))
    assert heard.replies == []
    assert [written.command for written in heard.written] == [""]
    assert not LinkCode.objects.exists()


def test_the_texts_fit_the_shortest_platform(
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    link_up()
    for text in ("collega", "ricevi qui", "scollega", "scollega"):
        arrive(message(WORK, text))
    arrive(message(ANNA, "collega"))
    assert all(len(reply.text) <= 200 for reply in heard.replies if reply.kind == KIND)


def test_the_verb_refuses_what_is_linked(arrive: Arrive, link_up: Callable[[], Link], sender: object) -> None:
    found = link_up()
    with pytest.raises(verbs.AlreadyLinked):
        verbs.link(found.preferred, found.other, senders=(1, 1))
