# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last day is over: who did not answer stays or leaves, as was chosen, and can be put back for thirty days."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import sampled_from

from arengo.audience import consent, receiving
from arengo.audience.consent import Words
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Identity, Quarter, Subscription, Topic
from arengo.audience.overview import keeping as list_days
from arengo.audience.overview.ways import reason_of
from arengo.audience.proofs import sheet
from arengo.audience.reasons import Reason
from arengo.audience.renewals import closing, counting, hearing, jobs, keeping, verbs
from arengo.audience.renewals.hearing import Shown
from arengo.audience.renewals.models import Asking, Renewal
from arengo.audience.renewals.verbs import NotNow
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, Sender
from tests.factories.audience import consented
from tests.factories.renewals import approve, arrived, ask_everybody, end, listed

pytestmark = pytest.mark.django_db


def accepts(person: Identity, renewal: Renewal) -> None:
    words = Words(person, Consent.Action.CONFIRMED, timezone.now(), Consent.Source.MESSAGE, text="Accetto")
    row = Asking.objects.select_related("renewal__policy").get(renewal=renewal, identity=person)
    hearing.accept([(words, row, Shown("La accetti?", row.delivery_id, row.at))])


def leaves(person: Identity) -> None:
    consent.withdraw(person, at=timezone.now(), source=Consent.Source.MESSAGE, text="STOP")


def on_list(person: Identity) -> bool:
    return bool(Subscription.objects.get(identity=person).active)


def states(renewal: Renewal) -> dict[str, int]:
    return counting.by_state(renewal)


def test_who_did_not_answer_leaves_with_a_reason_of_its_own(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    accepts(people[0], renewal)
    leaves(people[1])
    end(renewal)
    assert [on_list(person) for person in people] == [True, False, False, False, False]
    assert renewal.state == Renewal.State.CLOSED
    assert renewal.counted == states(renewal) == {"accepted": 1, "left": 1, "unanswered": 3}
    row = Consent.objects.filter(identity=people[2]).latest("pk")
    assert (row.reason, row.source, row.by, row.effective) == (Reason.UNANSWERED, "rule", None, True)
    proof = sheet.sheet(sheet.found(row.pk) or row, town, None)
    assert "ha tolto dalla lista" in proof.sentence, "the person asked for nothing"
    entry = AuditEntry.objects.get(verb="audience.left_unanswered")
    assert (entry.person, entry.detail) == (None, {"count": 3})
    today = list_days.today(town)
    assert list_days.count(town, today, today)[today].left["unanswered"] == 3
    assert reason_of("unanswered") != "unanswered"


def test_where_silence_means_to_stay_nobody_leaves(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "stay")
    arrived(people)
    accepts(people[0], renewal)
    end(renewal)
    assert all(on_list(person) for person in people)
    assert (renewal.state, renewal.counted) == (Renewal.State.CLOSED, {"accepted": 1, "waiting": 4})


def test_who_was_not_reached_in_time_stays(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people[:2])
    Renewal.objects.filter(pk=renewal.pk).update(until=timezone.now() - timedelta(seconds=1))
    first = Asking.objects.get(identity=people[0]).delivery_id
    Delivery.objects.filter(pk=first).update(delivered_at=timezone.now() - timedelta(days=4))
    closing.begin_due(timezone.now())
    closing.run(town.pk, renewal.pk)
    assert [on_list(person) for person in people] == [False, True, True, True, True]
    assert states(renewal) == {"unanswered": 1, "unreached": 4}, "the second had it for a moment"


def test_before_the_end_nothing_happens_and_the_job_repeats_without_effect(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    jobs.close_renewals(0)
    assert all(on_list(person) for person in people)
    end(renewal)
    rows = Consent.objects.count()
    with organization_scope(town):
        jobs.close_renewals(0)
        jobs.close(town.pk, renewal.pk)
    assert Consent.objects.count() == rows


@pytest.mark.parametrize("killed_after", range(3))
def test_killed_in_the_middle_it_goes_on_and_nobody_leaves_twice(
    town: Organization,
    sender: Sender,
    alice: Person,
    people: list[Identity],
    monkeypatch: pytest.MonkeyPatch,
    killed_after: int,
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    monkeypatch.setattr(closing, "BATCH", 2)
    real, done = closing.bulk.update, []

    def dies(*args: Any) -> None:
        if len(done) == killed_after:
            raise ConnectionError("killed")
        done.append(1)
        real(*args)

    with monkeypatch.context() as killed:
        killed.setattr(closing, "bulk", SimpleNamespace(update=dies))
        with pytest.raises(ConnectionError):
            end(renewal)
    assert Consent.objects.filter(reason=Reason.UNANSWERED).count() <= 2 * (killed_after + 1)
    closing.run(town.pk, renewal.pk)
    assert Consent.objects.filter(reason=Reason.UNANSWERED).values("identity").distinct().count() == 5
    assert Consent.objects.filter(reason=Reason.UNANSWERED).count() == 5


def test_put_back_everybody_is_as_before_and_who_spoke_since_is_left_alone(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    topic, borgo = Topic.in_use()[0], Quarter.objects.create(organization=town, name="Borgo")
    own = Subscription.objects.get(identity=people[0])
    own.topics.set([topic])
    own.quarters.set([borgo])
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    end(renewal)
    leaves(people[1])  # a word of their own: out
    consented(people[2], sender)  # and back by themselves
    verbs.restore(renewal.pk, by=alice)
    closing.run_restoring(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert [on_list(person) for person in people] == [True, False, True, True, True]
    assert (renewal.state, renewal.counted) == (Renewal.State.RESTORED, {"left": 2, "restored": 3})
    after = Subscription.objects.get(identity=people[0])
    assert (after.since, receiving.of(after)) == (own.since, receiving.of(own))
    row = Consent.objects.filter(identity=people[0]).latest("pk")
    assert (row.action, row.source, row.by) == ("given", "rule", alice)
    assert "non aveva risposto" in row.text
    assert AuditEntry.objects.filter(verb="audience.restored_unanswered", person=alice).count() == 1
    with pytest.raises(NotNow):
        verbs.restore(renewal.pk, by=alice)


def test_one_person_is_put_back_from_the_card(
    town: Organization, sender: Sender, alice: Person, edo: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    end(renewal)
    row = Asking.objects.get(identity=people[0])
    closing.put_back(row.pk, by=edo)
    assert on_list(people[0])
    with pytest.raises(NotNow):
        closing.put_back(row.pk, by=edo)
    leaves(people[1])
    with pytest.raises(NotNow, match="ha detto altro"):
        closing.put_back(Asking.objects.get(identity=people[1]).pk, by=edo)
    assert Asking.objects.get(identity=people[1]).state == Asking.State.UNANSWERED, "nothing was written"


def test_after_thirty_days_there_is_no_way_back(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    end(renewal)
    Renewal.objects.filter(pk=renewal.pk).update(ended_at=timezone.now() - timedelta(days=31))
    with pytest.raises(NotNow):
        verbs.restore(renewal.pk, by=alice)
    with pytest.raises(NotNow):
        closing.put_back(Asking.objects.get(identity=people[0]).pk, by=alice)


def test_after_some_months_the_totals_stay_and_nobodys_name(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    arrived(people)
    end(renewal)
    told = counting.progress(renewal)
    keeping.forget(timezone.now())
    assert Asking.objects.count() == 5
    keeping.forget(timezone.now() + keeping.KEPT + timedelta(days=1))
    assert not Asking.objects.exists()
    assert counting.progress(Renewal.objects.get()) == told


def test_progress_says_who_was_not_reached_as_far_as_receipts_tell(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    first = counting.progress(renewal)
    assert (first.asked, first.waiting, first.unreached, first.leaving) == (5, 5, 0, 5)
    arrived(people[:3])
    renewal.mailings.get().fanout.__class__.objects.update(n_waiting=0, n_delivered=3)
    accepts(people[0], renewal)
    told = counting.progress(renewal)
    assert (told.accepted, told.waiting, told.unreached, told.gone) == (1, 2, 2, 0)


class Answering(RuleBasedStateMachine):
    """Three people of one renewal: whatever they say and whatever order the jobs run in, their last word holds."""

    town: Organization  # set by the test
    sender: Sender
    staff: Person

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._scope = organization_scope(self.town)
        self._scope.__enter__()
        self.people = listed(self.sender, 3)
        self.renewal = ask_everybody(self.town, self.sender, self.staff, "leave")
        arrived(self.people)
        self.on = [True] * 3
        self.said_no = [False] * 3
        self.accepted = [False] * 3
        self.over = self.restored = False

    def teardown(self) -> None:
        self._scope.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    @rule(who=sampled_from(range(3)))
    def accepts(self, who: int) -> None:
        row = Asking.objects.get(renewal=self.renewal, identity=self.people[who])
        if row.state in Asking.OPEN:
            accepts(self.people[who], self.renewal)
            self.accepted[who] = self.on[who]

    @rule(who=sampled_from(range(3)))
    def leaves(self, who: int) -> None:
        leaves(self.people[who])
        self.on[who], self.said_no[who] = False, True

    @rule(who=sampled_from(range(3)))
    def joins(self, who: int) -> None:
        consented(self.people[who], self.sender)
        self.on[who], self.said_no[who] = True, False

    @precondition(lambda self: not self.over)
    @rule()
    def the_last_day_is_over(self) -> None:
        asking = dict(Asking.objects.values_list("identity", "state"))
        end(self.renewal)
        for who, person in enumerate(self.people):
            if asking[person.pk] == Asking.State.WAITING:
                self.on[who] = False
        self.over = True

    @precondition(lambda self: self.over and not self.restored)
    @rule()
    def everybody_is_put_back(self) -> None:
        silent = [
            Asking.objects.get(identity=person).state == Asking.State.UNANSWERED for person in self.people
        ]
        try:
            verbs.restore(self.renewal.pk, by=self.staff)
        except NotNow:
            assert not any(silent)
            return
        closing.run_restoring(self.town.pk, self.renewal.pk)
        for who in range(3):
            if silent[who] and not self.said_no[who]:
                self.on[who] = True
        self.restored = True

    @invariant()
    def the_list_is_as_they_said(self) -> None:
        assert [on_list(person) for person in self.people] == self.on

    @invariant()
    def arrivals_less_departures_are_who_is_there(self) -> None:
        for person in self.people:
            rows = Consent.objects.filter(identity=person, effective=True)
            given = rows.filter(action="given").count()
            assert given - rows.filter(action="withdrawn").count() == int(on_list(person))

    @invariant()
    def each_was_asked_once(self) -> None:
        assert Delivery.objects.count() == Asking.objects.count() == 3


def test_whatever_the_order_the_last_word_holds(esempio: Organization, sender: Sender, alice: Person) -> None:
    with organization_scope(esempio):
        create_defaults(esempio)
        approve(sender)
    Answering.town, Answering.sender, Answering.staff = esempio, sender, alice
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        Answering, settings=settings(max_examples=25, stateful_step_count=12, deadline=None)
    )
