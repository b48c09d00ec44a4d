# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever order people join, leave, are taken off by the rule and put back in: who asked to be off stays off, and the counts agree."""

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
from hypothesis.strategies import booleans

from arengo.audience import consent
from arengo.audience.consent import Words
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Subscription
from arengo.audience.reasons import BY_RULE, Reason
from arengo.audience.unreached import verbs
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import at, citizen


class Leaving(RuleBasedStateMachine):
    """One person; the model knows whether they are on the list, and whose word was last."""

    sender: Sender  # set by the test
    staff: Person

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._scope = organization_scope(self.sender.organization_id)
        self._scope.__enter__()
        self.anna = citizen("Anna Esempio")
        self.minutes = 0
        self.listed = False
        self.said_no = False  # by their own word, since they last said yes

    def teardown(self) -> None:
        self._scope.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    def _moment(self) -> Any:
        self.minutes += 1
        return at(self.minutes)

    @rule()
    def joins(self) -> None:
        moment = self._moment()
        consent.give(
            self.anna, at=moment, message_id=f"join.{moment}", text="ISCRIVIMI", sender_id=self.sender.pk
        )
        self.listed, self.said_no = True, False

    @rule(by_staff=booleans())
    def leaves(self, *, by_staff: bool) -> None:
        moment = self._moment()
        source = "staff" if by_staff else "message"
        consent.withdraw(self.anna, at=moment, source=source, message_id=f"leave.{moment}", text="STOP")
        self.listed, self.said_no = False, True

    @rule()
    def joins_long_ago(self) -> None:
        """A message of before all else, which comes late: it changes nothing for who said something since."""
        known = Subscription.objects.filter(identity=self.anna).exists()
        self.minutes += 1
        consent.give(
            self.anna, at=at(0), message_id=f"late.{self.minutes}", text="ISCRIVIMI", sender_id=self.sender.pk
        )
        self.listed = self.listed or not known

    @precondition(lambda self: self.listed)
    @rule()
    def is_not_reached(self) -> None:
        consent.withdraw(self.anna, at=self._moment(), source=Consent.Source.RULE, reason=Reason.INVALID)
        self.listed = False

    @rule()
    def is_put_back(self) -> None:
        row = Consent.objects.filter(identity=self.anna, reason__in=BY_RULE).order_by("-at", "-pk").first()
        if row is None:
            return
        before = Subscription.objects.get(identity=self.anna)
        may = not self.listed and not self.said_no
        try:
            verbs.put_back(row, by=self.staff)
        except verbs.NotNow:
            assert not may
        else:
            assert may
            self.listed = True
            # What the verb wrote is of the real clock: what follows here comes after it.
            back = Consent.objects.filter(identity=self.anna).latest("pk").at
            self.minutes = max(self.minutes, int((back - at(0)).total_seconds() // 60) + 1)
            assert Subscription.objects.get(identity=self.anna).since == before.since

    @rule()
    def is_imported(self) -> None:
        known = Subscription.objects.filter(identity=self.anna).exists()
        words = Words(
            self.anna,
            Consent.Action.GIVEN,
            self._moment(),
            Consent.Source.IMPORT,
            sender_id=self.sender.pk,
            by=self.staff,
        )
        consent.say([words])
        self.listed = self.listed or not known

    @invariant()
    def the_list_is_as_they_said(self) -> None:
        active = Subscription.objects.filter(identity=self.anna, active=True).count()
        assert active == int(self.listed)

    @invariant()
    def arrivals_less_departures_are_who_is_there(self) -> None:
        rows = Consent.objects.filter(identity=self.anna, effective=True)
        assert rows.filter(action="given").count() - rows.filter(action="withdrawn").count() == int(
            self.listed
        )


@pytest.mark.django_db
def test_who_asked_to_be_off_stays_off_and_the_counts_agree(
    esempio: Organization, sender: Sender, edo: Person
) -> None:
    with organization_scope(esempio):
        create_defaults(esempio)
    Leaving.sender, Leaving.staff = sender, edo
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        Leaving, settings=settings(max_examples=30, stateful_step_count=20, deadline=None)
    )
