# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two WhatsApp numbers of one person: the code goes from one chat to the other, and they have one subscription."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from arengo.audience.commands import Parser
from arengo.audience.linking import codes, verbs
from arengo.audience.linking.chat import CODE, HERE, KIND, LINK, UNLINK
from arengo.audience.linking.jobs import forget_link_codes
from arengo.audience.linking.models import Link, LinkCode
from arengo.audience.models import Consent, Identity, Subscription, Topic
from arengo.audience.recipients import Purpose, Recipients
from arengo.audience.topics.models import Choosing
from arengo.core import automatic
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery
from arengo.desk.models import Message
from arengo.platforms.contract import Address, Nature
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, BRUNO, CLARA, at, citizen, known, message
from tests.factories.linking import code_in

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]

WORK = BRUNO  # Anna's other number


@pytest.fixture(autouse=True)
def switched_on(town: Organization) -> None:
    automatic.switch([KIND], on=True)


@pytest.fixture
def link(arrive: Arrive, heard: Heard) -> Callable[[], Link]:
    """Anna writes «collega» in one chat and the code in the other."""

    def through_the_chat() -> Link:
        arrive(message(ANNA, "collega", sent_at=at(1)))
        arrive(message(WORK, code_in(heard.replies[-1].text), sent_at=at(2)))
        found: Link = Link.objects.get()
        return found

    return through_the_chat


def listed(identity: Identity) -> bool:
    return bool(Subscription.objects.filter(identity=identity, active=True).exists())


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


def test_the_code_is_sent_and_neither_shown_nor_kept(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "collega"))
    [reply] = heard.replies
    code = code_in(reply.text)
    shown = Message.objects.get(direction="out")
    assert code not in shown.text
    assert shown.automatic == KIND
    assert code.encode() not in bytes(LinkCode.objects.get().code_hash)
    assert [written.command for written in heard.written] == [LINK]


def test_the_code_typed_in_the_other_chat_links_both_and_both_are_told(
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)), message(WORK, "ISCRIVIMI", sent_at=at(0)))
    assert reached() == [ANNA.phone, WORK.phone]
    found = link()
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
    arrive: Arrive, link: Callable[[], Link]
) -> None:
    arrive(message(WORK, "ISCRIVIMI", sent_at=at(0)))
    assert link().preferred == known(WORK)
    assert reached() == [WORK.phone]


def test_a_wrong_code_says_so_and_after_five_the_code_is_gone(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "collega"))
    code = code_in(heard.replies[-1].text)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for minute in range(codes.MOST_TRIES):
        arrive(message(WORK, wrong, sent_at=at(minute)))
        assert "non è giusto" in heard.replies[-1].text
        assert heard.written[-1].command == ""  # it may be a number of something: a person reads it too
        assert LinkCode.objects.get().tries == minute + 1
    said = len(heard.replies)
    arrive(message(CLARA, code))
    assert not Link.objects.exists()
    assert len(heard.replies) == said  # nobody waits with a code any more
    assert heard.written[-1].command == ""


def test_one_chat_that_guesses_is_stopped_whatever_others_ask(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "collega"))
    first = code_in(heard.replies[-1].text)
    wrong = f"{(int(first) + 1) % 1_000_000:06d}"
    for _try in range(codes.MOST_TRIES):
        arrive(message(WORK, wrong))
    arrive(message(CLARA, "collega"))
    code = code_in(heard.replies[-1].text)
    arrive(message(WORK, code))
    assert not Link.objects.exists()
    assert LinkCode.objects.get(identity=known(CLARA)).tries == 0


def test_six_digits_when_nobody_asked_are_a_message_for_the_desk(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "482913"))
    assert heard.replies == []
    assert [written.command for written in heard.written] == [""]


def test_a_code_typed_where_it_was_asked_for_says_so_and_opens_nothing_any_more(
    arrive: Arrive, heard: Heard
) -> None:
    """The staff reads that conversation: a code that stands in it would be theirs to use."""
    arrive(message(ANNA, "collega"))
    code = code_in(heard.replies[-1].text)
    arrive(message(ANNA, code))
    assert "nell’altra tua chat" in heard.replies[-1].text
    assert not LinkCode.objects.exists()
    arrive(message(WORK, code))
    assert not Link.objects.exists()


def test_a_code_typed_in_a_chat_that_is_linked_already_opens_nothing_any_more(
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    link()
    arrive(message(CLARA, "collega"))
    arrive(message(WORK, code := code_in(heard.replies[-1].text)))
    assert "già collegata" in heard.replies[-1].text
    arrive(message(Address(phone="+393330000009"), code))
    assert Link.objects.count() == 1


def test_one_chat_guesses_ten_times_a_day_and_no_more(
    arrive: Arrive, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    _often, a_day = codes._TYPED
    monkeypatch.setattr(codes, "_TYPED", (a_day,))
    arrive(message(ANNA, "collega"))
    code = code_in(heard.replies[-1].text)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _guess in range(a_day.times):
        LinkCode.objects.update(tries=0)  # as if somebody else asked for a code each time
        arrive(message(WORK, wrong))
    LinkCode.objects.update(tries=0)
    arrive(message(WORK, code))
    assert not Link.objects.exists()
    assert LinkCode.objects.get().tries == 0
    arrive(message(CLARA, code))
    assert Link.objects.exists()


def test_guesses_from_many_chats_use_a_code_up_too(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "collega"))
    code = code_in(heard.replies[-1].text)
    for number in range(codes.MOST_TRIES):
        stranger = Address(phone=f"+39333000002{number}")
        arrive(message(stranger, f"{(int(code) + 1 + number) % 1_000_000:06d}"))
    arrive(message(WORK, code))
    assert not Link.objects.exists()


def test_a_chat_is_given_eight_codes_a_day(
    arrive: Arrive, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    _often, a_day = codes._ASKED
    monkeypatch.setattr(codes, "_ASKED", (a_day,))
    arrive(*(message(ANNA, "collega", sent_at=at(minute)) for minute in range(a_day.times)))
    assert all(code_in(reply.text) for reply in heard.replies)
    arrive(message(ANNA, "collega", sent_at=at(a_day.times)))
    assert "più codici" in heard.replies[-1].text
    arrive(message(WORK, "collega"))
    assert code_in(heard.replies[-1].text)


def test_a_code_of_another_town_is_nobodys(
    arrive: Arrive, heard: Heard, altrove: Organization, town: Organization
) -> None:
    arrive(message(ANNA, "collega"))
    code = code_in(heard.replies[-1].text)
    with organization_scope(altrove):
        stranger = citizen("Anna Esempio", phone=WORK.phone)
        assert codes.find(code, stranger) is None
    assert LinkCode.objects.get().tries == 0


def test_a_code_serves_once_and_for_ten_minutes(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "collega"))
    first = code_in(heard.replies[-1].text)
    arrive(message(ANNA, "collega"))
    second = code_in(heard.replies[-1].text)
    arrive(message(WORK, first))
    assert first == second or not Link.objects.exists()  # the newer one took its place
    LinkCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    arrive(message(WORK, second))
    assert not Link.objects.exists()
    forget_link_codes(0)
    assert not LinkCode.objects.exists()


def test_who_asks_too_often_is_told_to_wait(arrive: Arrive, heard: Heard) -> None:
    for minute in range(4):
        arrive(message(ANNA, "collega", sent_at=at(minute)))
    assert "più codici" in heard.replies[-1].text


def test_a_third_chat_is_linked_only_after_the_others_came_apart(
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    link()
    arrive(message(ANNA, "collega"))
    assert "già collegata" in heard.replies[-1].text
    arrive(message(CLARA, "collega"))
    arrive(message(WORK, code_in(heard.replies[-1].text)))
    assert "già collegata" in heard.replies[-1].text
    assert Link.objects.count() == 1


def test_leaving_in_either_chat_leaves_for_both_and_the_proof_says_where(
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)), message(WORK, "ISCRIVIMI", sent_at=at(0)))
    link()
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
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    arrive(message(ANNA), message(WORK))
    found = link()
    assert found.preferred == known(ANNA)
    arrive(message(WORK, "ISCRIVIMI", sent_at=at(5)))
    assert reached() == [ANNA.phone]
    assert heard.replies[-1].kind == "audience.welcome"
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(6)))
    assert reached() == [ANNA.phone]


def test_choices_made_in_either_chat_are_of_the_one_subscription(
    arrive: Arrive, link: Callable[[], Link]
) -> None:
    automatic.switch(["audience.choices"], on=True)
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)))
    link()
    topic = Topic.objects.first()
    arrive(message(WORK, f"CANCELLAMI {topic.words[0] if topic.words else topic.name}", sent_at=at(7)))
    chosen = set(Subscription.objects.get(identity=known(ANNA)).topics.values_list("pk", flat=True))
    assert chosen == set(Topic.objects.values_list("pk", flat=True)) - {topic.pk}
    row = Choosing.objects.get()
    assert (row.identity_id, row.message_id) == (known(ANNA).pk, "")
    assert "chat collegata su WhatsApp" in row.text  # their words are in the chat where they said them


def test_a_join_said_in_the_other_chat_is_taken_back_by_its_edit(
    arrive: Arrive, link: Callable[[], Link]
) -> None:
    link()
    joined = message(WORK, "ISCRIVIMI", sent_at=at(5))
    arrive(joined)
    assert reached() == [ANNA.phone]
    arrive(
        message(
            WORK, "A che ora aprite?", sent_at=at(6), nature=Nature.EDIT, about=joined.message_id
        )
    )
    assert reached() == []


def test_receiving_here_moves_the_one_subscription(
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)))
    link()
    arrive(message(WORK, "ricevi qui", sent_at=at(3)))
    assert reached() == [WORK.phone]
    assert "ora arrivano qui" in heard.replies[-1].text
    arrive(message(ANNA, "scollega", sent_at=at(4)))
    assert reached() == [ANNA.phone]
    assert "Qui ricevi gli avvisi" in heard.replies[-1].text
    assert not Subscription.objects.filter(identity=known(WORK)).exists()


def test_coming_apart_brings_back_what_was_put_aside(
    arrive: Arrive, heard: Heard, link: Callable[[], Link]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(0)), message(WORK, "ISCRIVIMI", sent_at=at(0)))
    link()
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


def test_the_texts_fit_the_shortest_platform(arrive: Arrive, heard: Heard, link: Callable[[], Link]) -> None:
    link()
    for text in ("collega", "ricevi qui", "scollega", "scollega"):
        arrive(message(WORK, text))
    arrive(message(ANNA, "collega"))
    assert all(len(reply.text) <= 200 for reply in heard.replies if reply.kind == KIND)


def test_the_verb_refuses_what_is_linked(arrive: Arrive, link: Callable[[], Link], sender: object) -> None:
    found = link()
    with pytest.raises(verbs.AlreadyLinked):
        verbs.link(found.preferred, found.other, senders=(1, 1))
