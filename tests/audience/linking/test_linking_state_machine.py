# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever order two chats are linked, part, join, leave, choose and go in: a linked person is reached once, undoing is exact."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers

from arengo.audience import choosing, consent, privacy, standing
from arengo.audience.defaults import create_defaults
from arengo.audience.linking import verbs
from arengo.audience.linking.models import Link
from arengo.audience.models import Consent, Identity, Subscription, Topic
from arengo.audience.recipients import Purpose, Recipients
from arengo.audience.topics.models import Choosing
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import at, citizen
from tests.factories.linking import linked, state


class Linking(RuleBasedStateMachine):
    """Two chats of one person. ``before``: what each said when they were linked, while nothing was said since."""

    sender: Sender  # set by the test
    staff: Person
    topics: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._scope = organization_scope(self.sender.organization_id)
        self._scope.__enter__()
        self.chats = [citizen("Anna Esempio"), citizen("Anna Esempio")]
        self.minutes = 0
        self.before: list[Any] | None = None
        self.left = False  # since they were linked
        self.listed = [False, False]  # what each is on the list for by itself; of both, while they are linked
        self.link: Link | None = None

    def teardown(self) -> None:
        self._scope.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    def _moment(self) -> Any:
        self.minutes += 1
        return at(self.minutes)

    def _alive(self, which: int) -> Identity | None:
        found: Identity | None = (
            Identity.objects.filter(pk=self.chats[which].pk).select_related("contact").first()
        )
        return found

    @precondition(lambda self: self.link is None)
    @rule(first=integers(0, 1))
    def link_them(self, first: int) -> None:
        asked, typed = self._alive(first), self._alive(1 - first)
        if asked is None or typed is None:
            return
        self.before = [state(asked), state(typed)] if first == 0 else [state(typed), state(asked)]
        self.link = linked(asked, typed, self.sender)
        self.left, self.was_listed = False, list(self.listed)

    @precondition(lambda self: self.link is not None)
    @rule()
    def part(self) -> None:
        there = Link.objects.get()
        on_list = any(self.listed)
        assert verbs.unlink(there)
        self.link = None
        if self.before is not None:
            assert [state(chat) for chat in self.chats] == self.before
        elif self.left:
            # Who left is off at both, or has come back since, where they were reached.
            assert Subscription.objects.filter(active=True).count() <= 1
        assert Subscription.objects.filter(active=True).exists() == on_list
        self._look_again()

    def _look_again(self) -> None:
        self.before = None
        self.listed = [
            bool(Subscription.objects.filter(identity=chat.pk, active=True).exists()) for chat in self.chats
        ]

    @precondition(lambda self: self.link is not None)
    @rule(which=integers(0, 1))
    def prefer(self, which: int) -> None:
        chat = self._alive(which)
        assert chat is not None
        verbs.prefer(Link.objects.get(), chat)
        assert Link.objects.get().preferred_id == chat.pk

    @rule(which=integers(0, 1), of_topics=booleans())
    def joins(self, which: int, *, of_topics: bool) -> None:
        chat = self._alive(which)
        if chat is None:
            return
        moment = self._moment()
        named = self.topics[:2] if of_topics else ()
        consent.give(
            chat,
            at=moment,
            message_id=f"j{moment}",
            text="ISCRIVIMI",
            sender_id=self.sender.pk,
            topics=named,
        )
        self.before = None
        self.listed[which] = True

    @rule(which=integers(0, 1))
    def leaves(self, which: int) -> None:
        chat = self._alive(which)
        if chat is None:
            return
        moment = self._moment()
        consent.withdraw(chat, at=moment, source="message", message_id=f"l{moment}", text="STOP")
        if self.link is not None:
            self.before, self.left, self.listed = None, True, [False, False]
        self.listed[which] = False

    @rule(which=integers(0, 1))
    def joins_long_ago(self, which: int) -> None:
        """A message of before all else, which comes late: it brings back nobody who left since."""
        chat = self._alive(which)
        own = standing.subscription_of(chat) if chat is not None else None
        if chat is None or own is None or own.active or own.ended_at is None:
            return
        self.minutes += 1
        self.before = None
        consent.give(
            chat, at=at(0), message_id=f"late{self.minutes}", text="ISCRIVIMI", sender_id=self.sender.pk
        )

    @rule(which=integers(0, 1), topic=integers(0, 2))
    def chooses(self, which: int, topic: int) -> None:
        chat = self._alive(which)
        own = standing.subscription_of(chat) if chat is not None else None
        if own is None or not own.active:
            return
        choosing.choose(own, topics=[self.topics[topic]], way=Choosing.Way.MESSAGE, at=self._moment())
        self.before = None

    @rule(which=integers(0, 1), sure=integers(0, 9))
    def is_erased(self, which: int, sure: int) -> None:
        chat = self._alive(which)
        if chat is None or sure:
            return
        privacy.erase(chat.contact, by=self.staff)
        assert not Link.objects.exists()
        other = self.chats[1 - which]
        if self.link is not None and self.before is not None:
            assert state(other) == self.before[1 - which]
        self.link = None
        self._look_again()

    @invariant()
    def recipients_never_hold_two_of_one_linked_person(self) -> None:
        wanted = self._expected()
        for one in (Recipients(), Recipients(purpose=Purpose.ALERT), Recipients(self.sender.pk)):
            assert one.count() == len(wanted)
            hashes = [chat.subject_hash for chat in Identity.objects.all()]
            assert one.among(hashes) == len(wanted)
            assert sorted(address.phone or "" for address in one.addresses()) == wanted

    def _expected(self) -> list[str]:
        if self.link is None:
            return sorted(
                chat.phone
                for chat, on_list in zip(self.chats, self.listed, strict=True)
                if on_list and self._alive(self.chats.index(chat))
            )
        return [Link.objects.get().preferred.phone] if any(self.listed) else []

    @invariant()
    def whoever_is_not_reached_is_replaced(self) -> None:
        replaced = Subscription.objects.exclude(replaced_by=None)
        assert replaced.count() == int(self.link is not None)
        for one in replaced:
            found = Link.objects.get()
            assert (one.identity_id, one.replaced_by_id) == (found.other_id, found.preferred_id)

    @invariant()
    def a_word_counts_once(self) -> None:
        """Each line that took effect changed the list: of one person, joins and leaves take turns."""
        assert not Consent.objects.filter(elsewhere=True, effective=True).exists()


@pytest.mark.django_db
def test_a_linked_person_is_reached_once_and_undoing_is_exact(
    esempio: Organization, sender: Sender, edo: Person
) -> None:
    with organization_scope(esempio):
        create_defaults(esempio)
        Linking.topics = tuple(Topic.objects.values_list("pk", flat=True)[:3])
    Linking.sender, Linking.staff = sender, edo
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        Linking, settings=settings(max_examples=40, stateful_step_count=25, deadline=None)
    )
