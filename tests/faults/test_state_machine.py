# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outbox, dispatcher and receipts under everything that may happen to them, in any order, with a crash at any await.

The SQL and the database are the real ones. The platform is a fake one in this process, with a ledger; a dispatcher is a
``Mortal``. After each step nothing may have been sent twice but an alert that was uncertain, no state may have gone back,
every counter must be the sum of its rows, and whatever is not decided must be in the outbox.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, note, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from arengo.core import database
from arengo.delivery.models import DeliveryState, Doubt, Fanout, Outbox, Urgency
from arengo.delivery.queue import claims, outbox, ownership
from arengo.delivery.senders import activation
from arengo.delivery.sending import dispatcher as dispatching, doubts, follow_ups, results
from arengo.delivery.sending.doubts import settling, weigh
from arengo.delivery.sql import statement
from arengo.platforms.contract import (
    Address,
    ReceiptStatus,
    Template,
    Text,
)
from tests.factories.delivery import mailing
from tests.faults.crashing import cut_sessions, recorded_connect
from tests.faults.number import Number
from tests.faults.weather import WEATHERS

# `make faults` asks for many more.
_EXAMPLES = int(os.environ.get("FAULTS_EXAMPLES", "6"))
_STEPS = 24
_WORDS = list(ReceiptStatus)
_COUNTS = st.integers(1, 12)
_URGENCIES = st.sampled_from([Urgency.ALERT, Urgency.NEWS])
_UNDECIDED = (DeliveryState.QUEUED, DeliveryState.UNCERTAIN)


class Road(Number, RuleBasedStateMachine):
    """The road out of one number."""

    @initialize()
    def begin(self) -> None:
        self.set_up()
        self.fanouts: list[int] = []
        self.mail(5, Urgency.ALERT)
        self.mail(5, Urgency.NEWS)

    def teardown(self) -> None:
        if not hasattr(self, "scope"):
            return
        try:
            self.until_the_end()
        finally:
            for mortal in [*self.zombies, *([self.owner] if self.owner else [])]:
                mortal.run_and_die(1)
            self.scope.__exit__(None, None, None)

    # --- what people do ---

    @rule(count=_COUNTS, urgency=_URGENCIES)
    def somebody_mails(self, count: int, urgency: Urgency) -> None:
        self.mail(count, urgency)

    def mail(self, count: int, urgency: Urgency) -> None:
        people = [self._address() for _ in range(count)]
        fanout = mailing(self.sender, people, urgency, template=Template("hello_world", "en_US"), topic="x")
        self.fanouts.append(fanout.pk)
        self._learn()

    @rule(again=st.booleans())
    def reply(self, again: bool) -> None:
        address = Address(phone="+393330000001") if again else self._address()
        outbox.enqueue(self.sender, address, Text("Buongiorno"), topic="conversation:1")
        self._learn()

    @rule(
        # One rule for all that people may press: they do so less often than processes work.
        action=st.sampled_from(
            ["stop mailing", "retry mailing", "retry unknown", "retry one", "stop", "resume", "resume"]
        ),
        which=st.integers(0, 5),
    )
    def somebody_presses(self, action: str, which: int) -> None:
        fanout = Fanout.objects.get(pk=self.fanouts[which % len(self.fanouts)])
        match action:
            case "stop mailing":
                outbox.stop_fanout(fanout)
            case "retry mailing":
                failed = fanout.deliveries.filter(state=DeliveryState.FAILED)
                self._again(set(failed.values_list("pk", flat=True)))
                outbox.retry_failed(fanout)
            case "retry unknown":
                unknown = fanout.deliveries.filter(state=DeliveryState.UNKNOWN)
                found = dict(unknown.values_list("pk", "address_hash"))
                if fanout.stopped_at is None:
                    self._again(set(found))
                mark = doubts.unknown(fanout).mark
                moved = outbox.retry_unknown(
                    fanout, mark=mark, only_not_sent=False, among=[bytes(each) for each in found.values()]
                )
                assert moved == (len(found) if fanout.stopped_at is None else 0)
            case "retry one":
                failed = self._deliveries().filter(state__in=[DeliveryState.FAILED, DeliveryState.UNKNOWN])
                for delivery in failed.order_by("pk")[which : which + 1]:
                    self._again({delivery.pk})
                    outbox.retry(delivery)
            case "stop":
                activation.stop(self.sender, reason="prova")
            case "resume":
                activation.resume(self.sender, by=self.alice)

    # --- what the platform does ---

    @precondition(lambda self: self.platform.ledger)
    @rule(chance=st.randoms(use_true_random=True))
    def receipts_come(self, chance: Random) -> None:
        """Some of them, some twice, in any order."""
        told = [
            self._receipt(*chance.choice(self.platform.ledger), word, opaque=chance.random() < 0.5)
            for word in chance.choices(_WORDS, k=chance.randint(1, 20))
        ]
        told += chance.choices(told, k=chance.randint(0, 5))
        chance.shuffle(told)
        self._tell(told)

    # --- what processes do ---

    @rule(in_order=st.booleans())
    def somebody_works(self, in_order: bool) -> None:
        self.work()
        if in_order and self.owner is not None:
            self.owner.end()
            self._retire()

    def work(self) -> None:
        self._own().run()
        self._retire()

    @rule(weather=st.sampled_from(sorted(WEATHERS)), share=st.integers(1, 4))
    def somebody_works_in_weather(self, weather: str, share: int) -> None:
        self.platform.weather, self.platform.share = weather, share
        self.work()

    @rule(count=_COUNTS, urgency=_URGENCIES, steps=st.integers(1, 60))
    def somebody_dies_soon(self, count: int, urgency: Urgency, steps: int) -> None:
        self.mail(count, urgency)
        self._die(steps)

    @rule(count=_COUNTS, urgency=_URGENCIES, steps=st.integers(30, 300))
    def somebody_dies_later(self, count: int, urgency: Urgency, steps: int) -> None:
        self.mail(count, urgency)
        self._die(steps)

    def _die(self, steps: int) -> None:
        note(f"died in the middle: {self._own().run_and_die(steps)}")
        self._retire()

    @precondition(lambda self: len(self.zombies) < 2)
    @rule(count=_COUNTS, urgency=_URGENCIES, steps=st.integers(1, 200), notices=st.booleans())
    def somebody_freezes(self, count: int, urgency: Urgency, steps: int, notices: bool) -> None:
        """The owner sleeps; the next one who works takes the number over. Awake again it may believe that it still owns it."""
        self.mail(count, urgency)
        self._own().run_and_freeze(steps)
        self._retire()
        if self.owner is not None:
            self.zombies.append(self.owner)
            if not notices:
                self.mistaken.append(self.owner)
            self.owner = None

    @precondition(lambda self: self.zombies)
    @rule(steps=st.integers(0, 300))
    def zombie_wakes(self, steps: int) -> None:
        zombie = self.zombies.pop()
        if steps:
            zombie.run_and_die(steps)
        else:
            zombie.end()

    @rule()
    def time_passes(self) -> None:
        """Backoffs end, and so does the patience with what is uncertain."""
        self._see()
        waiting = Outbox.objects.filter(sender=self.sender)
        alerts = waiting.filter(state=15, urgency=Urgency.ALERT).exclude(fanout__stopped_at__isnull=False)
        doubtful = set(alerts.values_list("delivery_id", flat=True))
        doubtful -= {pk for pk, times in self.doubted.items() if times}  # once in its whole life
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_outbox SET not_before = not_before - interval '2 days', "
                "claimed_at = claimed_at - interval '2 days' WHERE sender_id = %s",
                [self.sender.pk],
            )
            cursor.execute(statement("settle"), settling(self.sender.pk))
        Doubt.objects.filter(sender=self.sender, weigh_at__isnull=False).update(weigh_at=timezone.now())
        weigh()
        for pk in doubtful:
            self.doubted[pk] += 1
            self.known[pk] = 0

    # --- what must always hold ---

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        if not hasattr(self, "scope"):
            return
        sends = Counter(delivery_id for _message_id, delivery_id in self.platform.ledger)
        twice = {
            pk: times for pk, times in sends.items() if times > self.wanted[pk] + min(1, self.doubted[pk])
        }
        assert not twice, f"sent more often than wanted: {twice}"

    @invariant()
    def no_state_goes_back(self) -> None:
        if hasattr(self, "scope"):
            self._see()

    @invariant()
    def nothing_vanishes(self) -> None:
        if not hasattr(self, "scope"):
            return
        states = dict(self._deliveries().values_list("pk", "state"))
        assert set(states) == set(self.wanted)
        undecided = {pk for pk, state in states.items() if state in _UNDECIDED}
        waiting = dict(Outbox.objects.filter(sender=self.sender).values_list("delivery_id", "state"))
        assert set(waiting) == undecided
        doubtful = {pk for pk, state in states.items() if state == DeliveryState.UNCERTAIN}
        assert {pk for pk, state in waiting.items() if state == 15} == doubtful
        unknown = {pk for pk, state in states.items() if state == DeliveryState.UNKNOWN}
        assert unknown <= set(Doubt.objects.filter(sender=self.sender).values_list("pk", flat=True))

    @invariant()
    def counters_are_the_sum_of_their_rows(self) -> None:
        """In one snapshot: PostgreSQL may still be carrying out what a process said that has died since."""
        if not hasattr(self, "scope"):
            return
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self._compare_counters()

    def _compare_counters(self) -> None:
        for fanout in Fanout.objects.filter(pk__in=self.fanouts):
            rows = list(fanout.deliveries.values_list("state", "accepted_at", "delivered_at", "read_at"))
            states = Counter(state for state, *_times in rows)
            sums = {
                "total": len(rows),
                "n_waiting": sum(states[state] for state in _UNDECIDED),
                "n_accepted": sum(accepted is not None for _s, accepted, _d, _r in rows),
                "n_delivered": sum(delivered is not None for _s, _a, delivered, _r in rows),
                "n_read": sum(read is not None for _s, _a, _d, read in rows),
                "n_failed": states[DeliveryState.FAILED],
                "n_unknown": states[DeliveryState.UNKNOWN],
                "n_cancelled": states[DeliveryState.CANCELLED],
            }
            assert {name: getattr(fanout, name) for name in sums} == sums

    # --- the end ---

    def until_the_end(self) -> None:
        """Fine weather, somebody at work, every receipt: then all is decided, and what was sent is known to be."""
        self.platform.weather = "fine"
        while self.zombies:
            self.zombies.pop().end()
        activation.resume(self.sender, by=self.alice)
        for _round in range(12):
            if self.owner is not None:
                self.owner.end()  # an outage may have made it patient
                self._retire()
            self._own().run()
            self._tell(
                self._receipt(message_id, pk, ReceiptStatus.SENT, opaque=True)
                for message_id, pk in self.platform.ledger
            )
            self._see()
            if not Outbox.objects.filter(sender=self.sender).exists():
                break
            self.time_passes()
        for check in (
            self.nothing_is_sent_twice,
            self.nothing_vanishes,
            self.counters_are_the_sum_of_their_rows,
        ):
            check()
        states = dict(self._deliveries().values_list("pk", "state"))
        undecided = Counter(state for state in states.values() if state in _UNDECIDED)
        assert not undecided, f"never decided: {undecided}"
        sent = {pk for _message_id, pk in self.platform.ledger}
        # What was to go once more, and then was cancelled, may have gone the first time.
        once = {pk for pk in sent if self.wanted[pk] == 1 and not self.doubted[pk]}
        denied = {pk for pk in once if states[pk] in (DeliveryState.UNKNOWN, DeliveryState.CANCELLED)}
        assert not denied, "sent and reported, and yet unknown or cancelled"
        said = {pk for pk, state in states.items() if DeliveryState.ACCEPTED <= state <= DeliveryState.READ}
        assert said <= sent, "said to be sent, and is not in the ledger"


@pytest.fixture
def mortals(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (follow_ups, claims, database, ownership):
        monkeypatch.setattr(room, "connect", recorded_connect)
    monkeypatch.setattr(results, "_GATHER", 0.001)
    # A frozen process may sleep inside a transaction; here too PostgreSQL ends it, only sooner.
    monkeypatch.setattr(database, "ABANDONED", 0.3)
    monkeypatch.setattr(dispatching, "_SETTLE_EVERY", 3600.0)  # ``time_passes`` settles


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_whatever_happens_nobody_hears_twice_and_nobody_is_forgotten(mortals: None) -> None:
    wanted = settings(
        max_examples=_EXAMPLES,
        stateful_step_count=_STEPS,
        deadline=None,
        # What two processes do in real time is no function of the steps alone: a smaller example may be another one.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    try:
        run_state_machine_as_test(Road, settings=wanted)
    finally:
        cut_sessions("mortal %")  # one that was only just being made when its process died
