# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A few people who write, join, leave, change and swap numbers; what they do is told in random forms, orders and batches.

The model knows who is who. Whatever arrived so far, nobody's words stand with somebody else's; once every change is told,
each person is one, and is on the list or not as they last said.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from arengo.audience.defaults import create_defaults
from arengo.audience.models import Contact, Identity, Subscription
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.intake.models import Journal
from tests.factories.intake import arrive
from tests.factories.webhooks import NOON, body, change, message, preference, system

NUMBERS = [f"+3933300001{n:02}" for n in range(6)]
WHO = st.integers(0, 2)


@dataclass
class Human:
    name: str
    phone: str
    user_id: str
    subscribed: bool = False
    silent: bool = False  # towards news, at the platform: the list stays
    words: set[str] = field(default_factory=set)
    changes: list[dict[str, Any]] = field(default_factory=list)  # not told yet, the oldest first


class Identities(RuleBasedStateMachine):
    sender: Sender  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._scope = organization_scope(self.sender.organization_id)
        self._scope.__enter__()
        self.clock = NOON
        self.ids = 0
        self.people = [Human(f"persona{n}", NUMBERS[n], self._new_id()) for n in range(3)]
        self.waiting: list[tuple[str, dict[str, Any]]] = []
        self.bodies: list[bytes] = []

    def teardown(self) -> None:
        try:
            self._tell_everything()
            self._is_as_the_model_says()
        finally:
            self._scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)

    def _new_id(self) -> str:
        self.ids += 1
        return f"IT.{self.ids:020}"

    def _tick(self) -> int:
        self.clock += 1
        return self.clock

    @initialize()
    def everybody_is_known(self) -> None:
        for n in range(3):
            self.writes(n, "both", "Buongiorno")

    # --- what people do -------------------------------------------------------------------------------------------

    @rule(
        who=WHO,
        shows=st.sampled_from(["both", "user id"]),
        word=st.sampled_from(["Buongiorno", "ISCRIVIMI", "CANCELLAMI"]),
    )
    def writes(self, who: int, shows: str, word: str) -> None:
        human = self.people[who]
        phone = human.phone if shows == "both" else None
        said = message(phone, human.user_id, word, at=self._tick())
        human.words.add(said["id"])
        if word != "Buongiorno":
            human.subscribed = word == "ISCRIVIMI"
        self.waiting.append(("messages", said))

    @rule(
        who=WHO,
        shows=st.sampled_from(["both", "user id"]),
        value=st.sampled_from(["stop", "resume", "signup"]),
    )
    def chooses(self, who: int, shows: str, value: str) -> None:
        human = self.people[who]
        human.silent = value == "stop"
        phone = human.phone if shows == "both" else None
        self.waiting.append(("user_preferences", preference(phone, human.user_id, value, at=self._tick())))

    @rule(who=WHO, number=st.sampled_from(NUMBERS), form=st.integers(0, 5))
    def changes_number(self, who: int, number: str, form: int) -> None:
        if all(human.phone != number for human in self.people):
            self._moves(self.people[who], number, form)

    @rule(one=WHO, other=WHO, forms=st.tuples(st.integers(0, 5), st.integers(0, 5)))
    def swap(self, one: int, other: int, forms: tuple[int, int]) -> None:
        if one != other:
            first, second = self.people[one], self.people[other]
            numbers = first.phone, second.phone
            self._moves(first, numbers[1], forms[0])
            self._moves(second, numbers[0], forms[1])

    def _moves(self, human: Human, number: str, form: int) -> None:
        before, was = human.phone[1:], human.user_id
        human.phone, human.user_id = number, self._new_id()
        now = number[1:]
        ids = {"user_id": human.user_id, "previous_user_id": was}
        number_told = {"type": "user_changed_number", "wa_id": now, **ids}
        at = self._tick()
        told = [
            system(number_told, at=at, **{"from": before}),
            system(number_told, at=at, **{"from": before, "from_user_id": human.user_id}),
            system({"type": "user_changed_user_id", **ids}, at=at),
            system({"type": "user_changed_user_id", **ids}, at=at, from_user_id=human.user_id),
            system({"type": "user_changed_user_id", "user_id": human.user_id}, at=at, from_user_id=was),
            {"user_id": {"previous": was, "current": human.user_id}, "timestamp": str(at)},
        ]
        human.changes.append(told[form])

    # --- how it is told -------------------------------------------------------------------------------------------

    @rule(who=WHO, twice=st.booleans())
    def a_change_is_told(self, who: int, twice: bool) -> None:
        self._tell(self.people[who], twice)

    def _tell(self, human: Human, twice: bool = False) -> None:
        if human.changes:
            told = human.changes.pop(0)
            kind = "messages" if "system" in told else "user_id_update"
            self.waiting += [(kind, told)] * (2 if twice else 1)

    @precondition(lambda self: self.waiting)
    @rule(cuts=st.lists(st.booleans(), max_size=12), ends=st.lists(st.booleans(), max_size=12))
    def arrives(self, cuts: list[bool], ends: list[bool]) -> None:
        """In the order of arrival, cut anywhere into lists, changes and bodies; one batch of the reader."""
        bodies: list[list[dict[str, Any]]] = [[]]
        last, items = "", []
        for number, (kind, item) in enumerate(self.waiting):
            cut = number < len(cuts) and cuts[number]
            if kind != last or cut:
                items = []
                if cut and number < len(ends) and ends[number] and bodies[-1]:
                    bodies.append([])
                bodies[-1].append(change(kind, **{kind: items}))
            items.append(item)
            last = kind
        self.waiting = []
        written = [body(*changes) for changes in bodies]
        self.bodies += written
        arrive(self.sender, *written)

    @precondition(lambda self: self.bodies)
    @rule(data=st.data())
    def is_brought_again(self, data: st.DataObject) -> None:
        arrive(self.sender, data.draw(st.sampled_from(self.bodies)))

    # --- what must hold -------------------------------------------------------------------------------------------

    @invariant()
    def everything_is_read(self) -> None:
        assert not Journal.objects.exclude(state=Journal.State.APPLIED).exists()

    @invariant()
    def nobody_stands_with_somebody_else(self) -> None:
        for names in self._names_by_contact().values():
            assert len(names) == 1, names

    def _names_by_contact(self) -> dict[int, set[str]]:
        names = {said: human.name for human in self.people for said in human.words}
        found: dict[int, set[str]] = defaultdict(set)
        for said in Message.objects.filter(direction="in").select_related("conversation"):
            found[said.conversation.contact_id].add(names[said.platform_message_id])
        return found

    def _tell_everything(self) -> None:
        for human in self.people:
            while human.changes:
                self._tell(human)
        if self.waiting:
            self.arrives([], [])

    def _is_as_the_model_says(self) -> None:
        self.everything_is_read()
        found = self._names_by_contact()
        assert len(found) == len(self.people), found
        assert Contact.objects.count() == len(self.people)
        on_the_list = set(
            Subscription.objects.filter(active=True).values_list("identity__contact", flat=True)
        )
        subscribed = {human.name for human in self.people if human.subscribed}
        assert {next(iter(found[contact])) for contact in on_the_list} == subscribed
        silenced = Identity.objects.filter(marketing_stopped_at__isnull=False).values_list(
            "contact", flat=True
        )
        silent = {human.name for human in self.people if human.silent}
        assert {next(iter(found[contact])) for contact in silenced} == silent
        words = set(Message.objects.filter(direction="in").values_list("pk", flat=True))
        assert len(words) == sum(len(human.words) for human in self.people)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.django_db
def test_people_stay_as_they_are_in_whatever_order_and_form_it_is_told(
    esempio: Organization, sender: Sender
) -> None:
    with organization_scope(esempio):
        create_defaults(esempio)
    Identities.sender = sender
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        Identities, settings=settings(max_examples=20, stateful_step_count=20, deadline=None)
    )
