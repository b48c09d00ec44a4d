# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Thousands of commands in one batch: as many statements as for a few, and the same outcome as one by one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Identity, Subscription, phone_hash
from arengo.core import attempts, automatic
from arengo.core.events import Batch
from arengo.core.models import LiveEvent, Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, Sender
from arengo.desk.models import Conversation, Message
from arengo.platforms.contract import Address, MessageReceived, Nature
from tests.factories.audience import at, message

_WORDS = (
    "ISCRIVIMI",
    "Iscrivimi eventi e viabilità",
    "iscrivimi eventi",
    "CANCELLAMI",
    "stop",
    "Buongiorno, a che ora aprite?",
)
# None of whom two turn out to be one: a batch knows that from its beginning, one by one it is known only then.
_PEOPLE = (
    Address(phone="+393330000001"),
    Address(phone="+393330000001", user_id="IT.1"),
    Address(phone="+393330000002"),
    Address(user_id="IT.3"),
)
_said = st.lists(
    st.tuples(
        st.integers(0, len(_PEOPLE) - 1), st.sampled_from(_WORDS), st.integers(0, 5), st.integers(0, 40)
    ),
    min_size=1,
    max_size=14,
)


def _state() -> dict[str, Any]:
    """All that somebody could see of it, without keys and times of our own."""
    consents = Consent.objects.select_related("key", "policy", "rules").order_by("pk")
    return {
        "consents": [
            (
                c.subject_hash,
                c.action,
                c.at,
                c.source,
                c.effective,
                c.text,
                c.message_id,
                c.policy_id,
                c.rules_id,
            )
            for c in consents
        ],
        "list": [
            (s.identity.address, s.active, s.since, s.ended_at, sorted(t.name for t in s.topics.all()))
            for s in Subscription.objects.select_related("identity").order_by("identity__pk")
        ],
        "desk": sorted(
            (m.platform_message_id or m.automatic, m.direction, m.command, m.text, m.answer_withheld)
            for m in Message.objects.all()
        ),
        "open": sorted(
            str(c.identity.address)
            for c in Conversation.objects.filter(state="open").select_related("identity")
        ),
        "sent": Delivery.objects.count(),
    }


class _Undone(Exception):
    pass


def _after(town: Organization, sender: Sender, batches: list[list[MessageReceived]]) -> dict[str, Any]:
    """What there is after these batches; taken back."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            for batch in batches:
                arrivals.receive(Batch(town.pk, sender.pk, batch, "whatsapp"))
            found = _state()
            raise _Undone
    except _Undone:
        return found


@pytest.mark.django_db
@hypothesis.settings(
    max_examples=15,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
@given(said=_said)
def test_a_batch_of_commands_comes_to_the_same_as_one_by_one(
    said: list[tuple[int, str, int, int]], esempio: Organization, sender: Sender
) -> None:
    with organization_scope(esempio):
        create_defaults(esempio)
        ids: dict[int, str] = {}
        messages = [
            message(
                _PEOPLE[person],
                words,
                sent_at=at(place) + timedelta(seconds=shift),
                message_id=ids.setdefault(mark + 100 if mark > 35 else place, f"wamid.x{place}"),
            )
            for place, (person, words, shift, mark) in enumerate(said)
        ]
        firsts: dict[str, MessageReceived] = {}
        for each in messages:
            firsts.setdefault(each.message_id, each)
        ours = list(firsts.values())
        one_by_one = _after(esempio, sender, [[each] for each in ours])
        at_once = _after(esempio, sender, [ours])
    assert at_once == one_by_one


def _joins(size: int, first: int) -> list[MessageReceived]:
    return [
        message(Address(phone=f"+39334{first + number:07}"), "Iscrivimi eventi", name=f"N{number}")
        for number in range(size)
    ]


def test_a_batch_of_joins_costs_the_same_number_of_statements_however_large(
    town: Organization, sender: Sender
) -> None:
    def cost(size: int, first: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            arrivals.receive(Batch(town.pk, sender.pk, _joins(size, first), "whatsapp"))
        return len(queries)

    cost(1, 900)
    few, many = cost(2, 0), cost(400, 1000)
    assert Subscription.objects.count() == 403
    assert many == few <= 40, [
        few,
        many,
    ]  # topics, quarters and the list's settings are read, for words and answer


def test_joins_of_people_who_are_new_tell_the_inbox_and_no_screen_that_nobody_can_have(
    town: Organization, sender: Sender
) -> None:
    arrivals.receive(Batch(town.pk, sender.pk, _joins(3, 0), "whatsapp"))
    assert set(LiveEvent.objects.values_list("topic", flat=True)) == {"inbox"}
    arrivals.receive(Batch(town.pk, sender.pk, _joins(1, 0), "whatsapp"))
    known = Conversation.objects.get(identity__phone_hash=phone_hash("whatsapp", "+393340000000"))
    assert known.topic in set(LiveEvent.objects.values_list("topic", flat=True))


def test_the_conversation_of_who_joins_ends_with_the_welcome(town: Organization, sender: Sender) -> None:
    automatic.switch(["audience.welcome"], on=True)
    arrivals.receive(Batch(town.pk, sender.pk, _joins(2, 0), "whatsapp"))
    for conversation in Conversation.objects.select_related("last_message"):
        welcome = conversation.last_message
        assert welcome is not None
        assert (welcome.automatic, welcome.conversation_id) == ("audience.welcome", conversation.pk)
        assert conversation.last_message_at == welcome.sent_at
        assert conversation.citizen_wrote_at is not None
        assert (conversation.unread, conversation.waiting_since) == (0, None)


def test_who_joins_leaves_and_asks_in_their_first_batch_is_obeyed_in_order(
    town: Organization, sender: Sender
) -> None:
    anna = Address(phone="+393330000001")
    said = [
        message(anna, "ISCRIVIMI", sent_at=at(0)),
        message(anna, "Ho cambiato idea", sent_at=at(1), nature=Nature.EDIT, about="wamid.another"),
        message(anna, "CANCELLAMI", sent_at=at(2)),
        message(anna, "Quando aprite?", sent_at=at(3)),
    ]
    arrivals.receive(Batch(town.pk, sender.pk, said, "whatsapp"))
    assert not Identity.objects.get().subscription.active
    assert Conversation.objects.get(state="open").unread == 1
    assert [c.action for c in Consent.objects.order_by("pk")] == ["given", "withdrawn"]


def test_a_word_of_leave_and_a_word_of_join_of_the_same_moment_keep_their_order(
    town: Organization, sender: Sender
) -> None:
    person = Address(phone="+393330000001")
    batch = [message(person, "ISCRIVIMI"), message(person, "CANCELLAMI"), message(person, "ISCRIVIMI")]
    arrivals.receive(Batch(town.pk, sender.pk, batch, "whatsapp"))
    assert Identity.objects.get().subscription.active
    assert list(Consent.objects.order_by("pk").values_list("action", flat=True)) == [
        "given",
        "withdrawn",
        "given",
    ]


def test_attempts_are_counted_for_many_as_for_one(esempio: Organization) -> None:
    from arengo.core.ceilings import Ceiling

    ceiling = Ceiling("of a test", 2, timedelta(minutes=5))
    assert attempts.allowed(ceiling, "anna")
    wanted = [
        (ceiling, "anna"),
        (ceiling, "bruno"),
        (ceiling, "anna"),
        (ceiling, "bruno"),
        (ceiling, "bruno"),
    ]
    assert attempts.allowed_of(wanted) == [True, True, False, True, False]
    assert not attempts.allowed(ceiling, "bruno")


def test_a_thousand_joins_a_minute_from_ten_people_cost_ten_answers_and_break_nothing(
    town: Organization, sender: Sender
) -> None:
    automatic.switch(
        ["audience.welcome", "audience.already", "audience.goodbye", "audience.not_subscribed"], on=True
    )
    ten = [Address(phone=f"+39333000010{number}") for number in range(10)]
    said = [
        message(
            ten[number % 10],
            "CANCELLAMI" if number // 10 % 4 == 3 else "ISCRIVIMI",
            sent_at=at(0) + timedelta(milliseconds=60 * number),
        )
        for number in range(1_000)
    ]
    for first in range(0, 1_000, 125):  # as the reader brings them
        arrivals.receive(Batch(town.pk, sender.pk, said[first : first + 125], "whatsapp"))
    assert Identity.objects.count() == Subscription.objects.count() == 10
    assert not Subscription.objects.filter(active=True).exists()  # each one's last word is a leave
    # Each came and went 25 times, and each of these is proved; who joins twice on end had joined already.
    assert Consent.objects.filter(effective=True, action=Consent.Action.GIVEN).count() == 250
    assert Consent.objects.filter(effective=True, action=Consent.Action.WITHDRAWN).count() == 250
    answers = Message.objects.filter(direction="out").values_list("conversation_id", "automatic")
    of_kind = Counter(answers)
    assert {kind for _who, kind in of_kind} == {"audience.welcome", "audience.already", "audience.goodbye"}
    assert max(of_kind.values()) == 1  # of a kind one in ten minutes, whatever somebody does
    assert Delivery.objects.count() == len(of_kind) == 30
    assert Message.objects.filter(direction="in").count() == 1_000
    assert not Conversation.objects.filter(state="open").exists()  # nobody at the desk is disturbed
