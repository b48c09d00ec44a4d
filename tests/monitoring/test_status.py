# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The state of the machine: every figure made by the public verbs, and what it says of it."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arengo.core import health
from arengo.core.console import conditions
from arengo.core.console.conditions import Snapshot
from arengo.core.console.reports import Sure
from arengo.core.console.troubles import providers, troubles
from arengo.core.machine import Machine
from arengo.core.models import Erasure, Heartbeat, Organization, Person
from arengo.core.process_metrics import ACCEPTED, RECEIPTS, WEBHOOKS, ProcessMetrics
from arengo.core.scope import ScopeMissing, every_organization, organization_scope
from arengo.core.time_words import in_words
from arengo.delivery.condition.sections import Senders
from arengo.delivery.models import Outbox, OutboxState, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.senders import activation, status as delivery_status
from arengo.delivery.senders.status import SenderStats
from arengo.intake import status as intake_status
from arengo.intake.models import Journal
from arengo.intake.status import JournalStatus
from arengo.platforms.contract import Text
from tests.factories.delivery import addresses, mailing, make_sender
from tests.factories.intake import journal

pytestmark = pytest.mark.django_db


def mail(sender: Sender, number: int, urgency: Urgency = Urgency.NEWS) -> None:
    mailing(sender, addresses(number), urgency)


def reply(sender: Sender, number: int = 1) -> None:
    with organization_scope(sender.organization_id):
        for address in addresses(number, 900):
            outbox.enqueue(sender, address, Text("Buongiorno"))


def worker(
    *sender_stats: SenderStats,
    metrics: ProcessMetrics | None = None,
    name: str = "host:1",
    age: timedelta = timedelta(0),
) -> None:
    detail: dict[str, Any] = msgspec.to_builtins(
        {"senders": list(sender_stats), "metrics": (metrics or ProcessMetrics()).snapshot()}
    )
    health.beat(name, "worker", detail=detail)
    Heartbeat.objects.filter(name=name).update(at=timezone.now() - age)


def kinds(snapshot: Snapshot | None = None, *, person: bool = True) -> list[str]:
    return [trouble.kind for trouble in troubles(snapshot or conditions.read()) if trouble.person is person]


@pytest.fixture
def calm(scope: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """A machine in order: one web process, one worker, and the worker owns the number."""
    health.beat("host:2", "web")
    worker(SenderStats(sender=sender.pk, epoch=0, pace=80.0, backlog=0, in_flight=0))
    monkeypatch.setattr(delivery_status, "owners", lambda: {sender.pk: "host:1"})
    return sender


def test_a_machine_in_order_troubles_nobody(calm: Sender) -> None:
    assert troubles(conditions.read()) == []


def test_the_queue_is_told_by_urgency_and_by_what_it_waits_for(calm: Sender) -> None:
    mail(calm, 7)
    mail(calm, 3, Urgency.ALERT)
    reply(calm, 2)
    news = list(Outbox.objects.filter(urgency=Urgency.NEWS).order_by("pk"))
    soon = timezone.now() + timedelta(hours=2)
    Outbox.objects.filter(pk=news[0].pk).update(state=OutboxState.LATER, not_before=soon)
    Outbox.objects.filter(pk=news[1].pk).update(state=OutboxState.LATER, not_before=soon + timedelta(hours=1))
    Outbox.objects.filter(pk=news[2].pk).update(state=OutboxState.CLAIMED, claim_epoch=0)
    Outbox.objects.filter(pk=news[3].pk).update(state=OutboxState.UNCERTAIN)
    [found] = conditions.read().of(Senders).all
    assert found.queue.ready == {Urgency.ALERT: 3, Urgency.REPLY: 2, Urgency.NEWS: 3}
    assert (found.queue.later, found.queue.later_from) == (2, soon)
    assert (found.queue.claimed, found.queue.uncertain) == (1, 1)
    assert found.queue.depth == 8
    assert (found.queue.ready_sure, found.queue.later_sure) == (Sure.EXACT, Sure.EXACT)


def test_the_first_in_line_says_how_long_it_waits(calm: Sender) -> None:
    reply(calm)
    Outbox.objects.update(not_before=timezone.now() - timedelta(minutes=4))
    snapshot = conditions.read()
    waits = snapshot.of(Senders).all[0].queue.waiting_for(snapshot.at)
    assert timedelta(minutes=4) <= waits < timedelta(minutes=5)


def test_a_queue_too_long_to_be_counted_is_known_from_its_mailings(
    calm: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_status, "MOST_COUNTED", 10)
    mail(calm, 50)
    mail(calm, 4, Urgency.ALERT)
    [found] = conditions.read().of(Senders).all
    assert found.queue.ready == {Urgency.ALERT: 4, Urgency.REPLY: 0, Urgency.NEWS: 50}
    assert (found.queue.ready_sure, found.queue.later_sure) == (Sure.ABOUT, Sure.EXACT)


def test_so_is_what_waits_for_tomorrow(calm: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_status, "MOST_COUNTED", 10)
    mail(calm, 50)
    held = list(Outbox.objects.order_by("pk").values_list("pk", flat=True)[:46])
    tomorrow = timezone.now() + timedelta(days=1)
    Outbox.objects.filter(pk__in=held).update(state=OutboxState.LATER, held=True, not_before=tomorrow)
    [found] = conditions.read().of(Senders).all
    assert (found.queue.later, found.queue.later_sure, found.queue.later_from) == (46, Sure.ABOUT, tomorrow)
    assert (found.queue.ready[Urgency.NEWS], found.queue.ready_sure) == (4, Sure.EXACT)
    assert found.queue.held == 10  # counted up to the bound


def test_what_cannot_be_known_cheaply_is_said_to_be_at_least_so_much(
    calm: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_status, "MOST_COUNTED", 10)
    reply(calm, 15)  # of no mailing
    [found] = conditions.read().of(Senders).all
    assert (found.queue.ready[Urgency.REPLY], found.queue.ready_sure) == (10, Sure.AT_LEAST)
    mail(calm, 40)
    some = list(Outbox.objects.filter(urgency=Urgency.NEWS).values_list("pk", flat=True)[:20])
    Outbox.objects.filter(pk__in=some).update(state=OutboxState.LATER)
    [found] = conditions.read().of(Senders).all
    assert (found.queue.ready_sure, found.queue.later_sure) == (Sure.AT_LEAST, Sure.AT_LEAST)


def test_the_owner_tells_the_pace_and_what_left_lately(calm: Sender) -> None:
    process_metrics = ProcessMetrics()
    process_metrics.count(ACCEPTED, calm.pk, 4800)
    process_metrics.count(RECEIPTS, calm.pk, 9000)
    process_metrics.count(WEBHOOKS, 0, 120)
    process_metrics.delay(RECEIPTS, calm.pk, [0.6] * 9000)
    worker(SenderStats(sender=calm.pk, epoch=0, pace=20.0, backlog=5, in_flight=17), metrics=process_metrics)
    snapshot = conditions.read()
    [found] = snapshot.of(Senders).all
    assert (found.owner, found.pace, found.rate) == ("host:1", 20.0, 80)
    assert found.stats is not None
    assert (found.stats.backlog, found.stats.in_flight) == (5, 17)
    assert (found.accepted.minute, found.receipts.minute, found.lag) == (4800, 9000, 1)
    assert snapshot.of(JournalStatus).read.minute == 120


def test_what_an_owner_of_before_still_tells_is_not_the_present(calm: Sender) -> None:
    Sender.objects.update(epoch=5)
    assert conditions.read().of(Senders).all[0].pace is None
    worker(SenderStats(sender=calm.pk, epoch=5, pace=40.0, backlog=0, in_flight=0), name="host:9")
    assert conditions.read().of(Senders).all[0].pace == 40.0


def test_a_worker_of_another_version_is_heard_without_being_understood(calm: Sender) -> None:
    health.beat("host:1", "worker", detail={"senders": [{"number": "one"}], "metrics": []})
    [found] = conditions.read().of(Senders).all
    assert (found.pace, found.accepted.total) == (None, 0)


# --- what is wrong ---


def test_without_a_worker_a_person_is_needed(calm: Sender) -> None:
    worker(age=timedelta(minutes=1))
    assert kinds() == ["no_worker"]


def test_without_a_web_process_a_person_is_needed(calm: Sender) -> None:
    Heartbeat.objects.filter(kind="web").delete()
    assert kinds() == ["no_web"]


def test_a_stopped_number_says_why_and_what_to_do(calm: Sender, alice: Person) -> None:
    activation.stop(calm, reason="Invalid OAuth access token", code=190)
    [trouble] = troubles(conditions.read())
    assert trouble.kind == "sender_stopped"
    assert trouble.person
    assert "Comune di Esempio" in trouble.title
    assert "Invalid OAuth access token (190)" in trouble.remedy
    assert "riattivarlo" in trouble.remedy
    activation.resume(calm, by=alice)
    assert troubles(conditions.read()) == []


def test_a_number_nobody_sends_for_needs_a_person_once_somebody_waits(
    calm: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_status, "owners", dict)
    assert (kinds(), kinds(person=False)) == ([], ["sender_unowned"])
    reply(calm)
    assert kinds() == []
    Outbox.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    assert kinds() == ["sender_unowned"]


def test_a_queue_of_which_nothing_leaves_needs_a_person(calm: Sender) -> None:
    reply(calm)
    assert kinds() == []
    Outbox.objects.update(not_before=timezone.now() - timedelta(minutes=3))
    assert kinds() == ["queue_still"]
    process_metrics = ProcessMetrics()
    process_metrics.count(ACCEPTED, calm.pk)
    worker(SenderStats(sender=calm.pk, epoch=0, pace=80.0, backlog=0, in_flight=0), metrics=process_metrics)
    assert kinds() == []


def test_a_slowed_number_is_good_to_know_and_nobody_has_to_act(calm: Sender) -> None:
    worker(SenderStats(sender=calm.pk, epoch=0, pace=10.0, backlog=0, in_flight=0))
    assert (kinds(), kinds(person=False)) == ([], ["sender_slowed"])


def test_receipts_that_never_come_point_to_the_webhook(calm: Sender) -> None:
    now = [1000.0]
    process_metrics = ProcessMetrics(clock=lambda: now[0])
    process_metrics.count(ACCEPTED, calm.pk, 100)
    stats = SenderStats(sender=calm.pk, epoch=0, pace=80.0, backlog=0, in_flight=0)
    worker(stats, metrics=process_metrics)
    assert kinds() == []  # a minute is given to them
    now[0] += 90
    worker(stats, metrics=process_metrics)
    assert kinds() == ["receipts_missing"]
    process_metrics.count(RECEIPTS, calm.pk)
    worker(stats, metrics=process_metrics)
    assert kinds() == []


def test_receipts_that_come_late_are_good_to_know(calm: Sender) -> None:
    process_metrics = ProcessMetrics()
    process_metrics.count(RECEIPTS, calm.pk, 100)
    process_metrics.delay(RECEIPTS, calm.pk, [400.0] * 100)
    worker(SenderStats(sender=calm.pk, epoch=0, pace=80.0, backlog=0, in_flight=0), metrics=process_metrics)
    assert (kinds(), kinds(person=False)) == ([], ["receipts_late"])


def test_a_journal_that_is_not_read_needs_a_person_after_a_minute(calm: Sender) -> None:
    row = journal(calm)
    found = conditions.read().of(JournalStatus)
    assert (found.waiting, found.oldest) == (1, Journal.objects.get().received_at)
    assert kinds() == []
    Journal.objects.filter(pk=row.pk).update(received_at=timezone.now() - timedelta(minutes=2))
    assert kinds() == ["journal_behind"]


def test_a_journal_too_long_to_be_counted_is_known_from_its_ids(
    calm: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_status, "MOST_COUNTED", 5)
    for _ in range(9):
        journal(calm)
    found = conditions.read().of(JournalStatus)
    assert (found.waiting, found.about) == (9, True)


def test_what_could_not_be_read_needs_a_person(calm: Sender) -> None:
    for _ in range(3):
        journal(calm, state=Journal.State.MARKED)
    snapshot = conditions.read()
    assert snapshot.of(JournalStatus).unread == 3
    assert kinds(snapshot) == ["unread"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"jobs_failed_lately": 2}, "jobs_failed"),
        ({"migrations_pending": 1}, "migrations_pending"),
        ({"disk_free": 5 * 1024**2}, "disk_low"),
        ({"connections": 199, "most_connections": 200}, "connections_low"),
    ],
)
def test_ground_that_gives_way_needs_a_person(calm: Sender, change: dict[str, int], kind: str) -> None:
    snapshot = conditions.read()
    assert kinds(snapshot.with_section(replace(snapshot.of(Machine), **change))) == [kind]  # type: ignore[arg-type]  # of numbers


def test_what_was_erased_and_stays_in_the_files_for_two_nights_needs_a_person(calm: Sender) -> None:
    note = Erasure.objects.create(
        object_type="audience.Contact", object_id="1", obstacles=["busy:desk_message"]
    )
    assert kinds(conditions.read()) == []
    Erasure.objects.update(at=note.at - timedelta(hours=37))
    [trouble] = troubles(conditions.read())
    assert (trouble.kind, "desk_message" in trouble.remedy) == ("erasures_late", True)
    Erasure.objects.update(gone_at=note.at)
    assert kinds(conditions.read()) == []


def test_what_needs_a_person_is_said_first(calm: Sender) -> None:
    worker(SenderStats(sender=calm.pk, epoch=0, pace=10.0, backlog=0, in_flight=0))
    journal(calm, state=Journal.State.MARKED)
    assert [trouble.kind for trouble in troubles(conditions.read())] == ["unread", "sender_slowed"]


def test_every_kind_of_trouble_is_known_to_the_metrics() -> None:
    """Those that stand in the code of the rooms' finders are those that the rooms registered."""
    written: dict[str, set[str]] = {}
    registered: dict[str, set[str]] = {}
    for provider in providers():
        source = inspect.getsourcefile(provider.find)
        assert source is not None
        registered.setdefault(source, set()).update(kind.name for kind in provider.kinds)
        written[source] = set(re.findall(r'Trouble\(\s*"(\w+)"', Path(source).read_text()))
    assert len(written) >= 3
    assert written == registered


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=3), "3 min"),
        (timedelta(hours=2, minutes=40), "2 h"),
        (timedelta(days=4), "4 giorni"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(length: timedelta, words: str) -> None:
    assert in_words(length) == words


# --- whose figures ---


@pytest.fixture
def of_altrove(altrove: Organization) -> Sender:
    return make_sender(altrove, "Numero di Altrove")


def test_an_organization_sees_its_own_numbers_and_what_is_everybodys(
    calm: Sender, of_altrove: Sender
) -> None:
    journal(of_altrove, state=Journal.State.MARKED)
    journal(of_altrove)
    mail(of_altrove, 3)
    snapshot = conditions.read()
    assert [sender.name for sender in snapshot.of(Senders).all] == ["Comune di Esempio"]
    assert snapshot.of(JournalStatus).unread == 0
    assert snapshot.of(JournalStatus).waiting == 1  # of the installation
    with every_organization("a test looks at all of it"):
        snapshot = conditions.read()
    assert [(sender.organization_slug, sender.queue.depth) for sender in snapshot.of(Senders).all] == [
        ("esempio", 0),
        ("altrove", 3),
    ]
    assert snapshot.of(JournalStatus).unread == 1


@pytest.mark.usefixtures("esempio")
def test_outside_of_any_scope_nothing_is_read() -> None:
    with pytest.raises(ScopeMissing):
        conditions.read()


def test_an_installation_without_numbers_has_a_state_too(scope: Organization) -> None:
    health.beat("host:2", "web")
    worker()
    assert conditions.read().of(Senders).all == ()
    assert troubles(conditions.read()) == []


def test_reading_costs_the_same_however_many_numbers_there_are(calm: Sender) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            conditions.read()
        return len(captured)

    queries()  # the migrations are looked at once a process
    before = queries()
    for number in range(5):
        another = make_sender(calm.organization, f"Numero {number}")
        mail(another, 2)
    assert queries() == before
    assert before <= 29  # of which a savepoint takes two, and money five
