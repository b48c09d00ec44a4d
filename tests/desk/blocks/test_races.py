# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A block at the moment of an arrival, and two operators who warn at once: on connections of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, Sender
from arengo.desk import arrivals
from arengo.desk.blocks import verbs
from arengo.desk.blocks.models import Block, Reprimand
from arengo.desk.blocks.rules import Rule
from arengo.desk.blocks.verbs import RuleRefused
from arengo.desk.handling import HandlingRefused
from arengo.desk.models import Conversation, Message
from tests.factories.desk import said
from tests.factories.house_rules import said_by, warn

pytestmark = pytest.mark.django_db(transaction=True)


def decide(conversation: Conversation, rule: Rule, by: Person) -> None:
    verbs.block(
        conversation,
        rule=rule,
        reason="Offende.",
        until=timezone.localdate() + timedelta(days=9),
        messages=said_by(conversation),
        past=2,
        by=by,
        administers=False,
    )


def elsewhere(scope: Organization, action: Callable[[], object]) -> threading.Thread:
    """Runs on a connection of its own, which is closed at the end."""

    def run() -> None:
        try:
            with organization_scope(scope):
                action()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("was_open", [True, False], ids=["open", "closed"])
def test_a_message_that_arrives_while_a_block_begins_waits_for_it_and_stays_out(
    scope: Organization,
    sender: Sender,
    conversation: Conversation,
    rule: Rule,
    anna: Identity,
    olga: Person,
    was_open: bool,
) -> None:
    def arrive() -> None:
        with transaction.atomic():
            arrivals.citizen_wrote(Batch(scope.pk, sender.pk, [said(anna, "Adesso")]))

    for past in (0, 1):
        warn(conversation, rule, olga, past=past)
    if not was_open:
        Conversation.objects.update(state=Conversation.State.CLOSED)
    with transaction.atomic():
        decide(conversation, rule, olga)
        thread = elsewhere(scope, arrive)
        thread.join(0.5)
        assert thread.is_alive()  # it waits for the block
    thread.join(10)
    assert Message.objects.filter(text="Adesso").exists()
    assert not Conversation.objects.filter(state=Conversation.State.OPEN).exists()
    assert not Conversation.objects.filter(unread__gt=0).exists()


def test_a_message_that_arrived_a_moment_before_is_closed_with_the_rest(
    scope: Organization, sender: Sender, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    for past in (0, 1):
        warn(conversation, rule, olga, past=past)
    Conversation.objects.update(state=Conversation.State.CLOSED)
    with transaction.atomic():  # the reader opens a new conversation, and has not committed yet
        arrivals.citizen_wrote(Batch(scope.pk, sender.pk, [said(anna, "Poco prima")]))
        thread = elsewhere(scope, lambda: decide(conversation, rule, olga))
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert Block.objects.get().in_force
    assert not Conversation.objects.filter(state=Conversation.State.OPEN).exists()


def test_of_two_operators_who_warn_at_the_same_moment_one_does(
    scope: Organization, conversation: Conversation, rule: Rule, olga: Person, bea: Person
) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def try_it(person: Person) -> None:
        ready.wait(5)
        try:
            warn(conversation, rule, person)
            outcomes.append("warned")
        except (RuleRefused, HandlingRefused):
            outcomes.append("told")

    threads = [elsewhere(scope, lambda person=person: try_it(person)) for person in (olga, bea)]  # type: ignore[misc]  # a default binds it
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == ["told", "warned"]
    assert Reprimand.objects.count() == Delivery.objects.count() == 1
