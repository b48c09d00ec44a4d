# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code: shown to nobody else, used once, soon too old, and no use to who guesses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from arengo.audience.linking import codes
from arengo.audience.linking.chat import KIND, LINK
from arengo.audience.linking.jobs import forget_link_codes
from arengo.audience.linking.models import Link, LinkCode
from arengo.core import automatic
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.platforms.contract import Address
from tests.audience.hearing import Heard
from tests.audience.linking.two_chats import link_up
from tests.factories.audience import ANNA, BRUNO, CLARA, at, citizen, known, message
from tests.factories.linking import code_in
from tests.support.waiting import NEVER

__all__ = ["link_up"]

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]

WORK = BRUNO  # Anna's other number


@pytest.fixture(autouse=True)
def switched_on(town: Organization) -> None:
    automatic.switch([KIND], on=True)


def test_the_code_is_sent_and_neither_shown_nor_kept(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "collega"))
    [reply] = heard.replies
    code = code_in(reply.text)
    shown = Message.objects.get(direction="out")
    assert code not in shown.text
    assert shown.automatic == KIND
    assert code.encode() not in bytes(LinkCode.objects.get().code_hash)
    assert [written.command for written in heard.written] == [LINK]


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
    arrive: Arrive, heard: Heard, link_up: Callable[[], Link]
) -> None:
    link_up()
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


@pytest.mark.django_db(transaction=True)
def test_codes_that_are_typed_at_once_are_compared_one_after_the_other(
    town: Organization, sender: Sender
) -> None:
    """Of many that guess together no more than five are heard."""
    code = codes.make(citizen("Anna Esempio"), sender.pk)
    strangers = [citizen(f"Persona {number}") for number in range(codes.MOST_TRIES + 3)]
    together = threading.Barrier(len(strangers), timeout=NEVER)
    failures: list[BaseException] = []

    def guess(number: int) -> None:
        try:
            with organization_scope(town), transaction.atomic():
                together.wait()
                assert codes.find(f"{(int(code) + 1 + number) % 1_000_000:06d}", strangers[number]) is None
        except BaseException as error:  # noqa: BLE001  # shown by the test
            failures.append(error)
        finally:
            connection.close()

    guesses = [threading.Thread(target=guess, args=[number]) for number in range(len(strangers))]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join(NEVER)
    assert failures == []
    assert LinkCode.objects.get().tries == codes.MOST_TRIES
    assert not codes.waiting().exists()
