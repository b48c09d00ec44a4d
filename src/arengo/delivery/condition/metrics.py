# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road out as families of metrics: senders, queues, and the work that each worker did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from arengo.core.console.conditions import Snapshot
from arengo.core.console.metrics import Counter, Distribution, Family, Gauge, Histogram, Sample
from arengo.core.console.senders import LABELS, SenderNames
from arengo.core.machine import Machine
from arengo.core.process_metrics import ACCEPTED, BOUNDS, RECEIPTS, STRANGERS
from arengo.delivery.condition.sections import Senders
from arengo.delivery.senders.status import SenderStatus


def _labels(sender: SenderStatus) -> tuple[str, str, str]:
    return str(sender.id), sender.name, sender.organization_slug


def _of_each(value: Callable[[SenderStatus], float | None]) -> Callable[[Snapshot], Iterator[Sample]]:
    """A sample for each sender that has a value."""

    def samples(snapshot: Snapshot) -> Iterator[Sample]:
        for sender in snapshot.of(Senders).all:
            found = value(sender)
            if found is not None:
                yield Sample(found, _labels(sender))

    return samples


def _ready(snapshot: Snapshot) -> Iterator[Sample]:
    for sender in snapshot.of(Senders).all:
        for urgency, number in sender.queue.ready.items():
            yield Sample(number, (*_labels(sender), urgency.name.lower()))


def _waiting(snapshot: Snapshot) -> Iterator[Sample]:
    for sender in snapshot.of(Senders).all:
        queue = sender.queue
        for state, number in (
            ("later", queue.later),
            ("claimed", queue.claimed),
            ("uncertain", queue.uncertain),
        ):
            yield Sample(number, (*_labels(sender), state))


def _oldest(snapshot: Snapshot) -> Iterator[Sample]:
    for sender in snapshot.of(Senders).all:
        yield Sample(sender.queue.waiting_for(snapshot.at).total_seconds(), _labels(sender))


def _counted(name: str) -> Callable[[Snapshot], Iterator[Sample]]:
    """Of each worker apart: a counter begins anew with its process, and Prometheus knows how to take that."""

    def samples(snapshot: Snapshot) -> Iterator[Sample]:
        for process in snapshot.of(Machine).workers:
            for sender in snapshot.of(SenderNames).all:
                yield Sample(process.metrics.count(name, sender.id).total, (*sender.labels, process.name))

    return samples


def _lag(snapshot: Snapshot) -> Iterator[Distribution]:
    for process in snapshot.of(Machine).workers:
        for sender in snapshot.of(SenderNames).all:
            delay = process.metrics.delay(RECEIPTS, sender.id)
            # Cumulative, as Prometheus wants them.
            reached = 0
            found: list[tuple[str, float]] = []
            for bound, number in zip((*map(float, BOUNDS), "+Inf"), delay.buckets, strict=True):
                reached += number
                found.append((str(bound), reached))
            buckets = tuple(found)
            yield Distribution(buckets, delay.seconds, (*sender.labels, process.name))


_SENDERS: tuple[Family, ...] = (
    Gauge(
        "arengo_sender_active",
        "1: the sender may send. 0: it is stopped.",
        _of_each(lambda sender: float(sender.active)),
        LABELS,
    ),
    Gauge(
        "arengo_sender_owned",
        "1: a worker sends for it. 0: nobody does.",
        _of_each(lambda sender: float(sender.owner is not None)),
        LABELS,
    ),
    Gauge(
        "arengo_sender_rate_messages_per_second",
        "Messages a second that the platform grants.",
        _of_each(lambda sender: sender.rate),
        LABELS,
    ),
    Gauge(
        "arengo_sender_pace_messages_per_second",
        "Messages a second that the owner allows itself now, after slowing down. Missing without an owner.",
        _of_each(lambda sender: sender.pace),
        LABELS,
    ),
    Gauge(
        "arengo_sender_in_flight_messages",
        "Messages sent and not answered yet.",
        _of_each(lambda sender: sender.stats.in_flight if sender.stats else None),
        LABELS,
    ),
)
_QUEUES: tuple[Family, ...] = (
    Gauge(
        "arengo_outbox_ready_deliveries",
        "Deliveries that may leave now, by urgency. Above 5,000 it comes from the mailings' own counters.",
        _ready,
        (*LABELS, "urgency"),
    ),
    Gauge(
        "arengo_outbox_waiting_deliveries",
        "Deliveries that wait: later (a time has to come), claimed (on their way), uncertain (for a receipt). "
        "Above 5,000 later comes from the mailings' own counters, the others are counted so far.",
        _waiting,
        (*LABELS, "state"),
    ),
    Gauge(
        "arengo_outbox_oldest_ready_seconds",
        "How long the first in line waits; 0 when nobody does.",
        _oldest,
        LABELS,
    ),
)
_WORK: tuple[Family, ...] = (
    Counter(
        "arengo_deliveries_accepted",
        "Messages that the platform took.",
        _counted(ACCEPTED),
        (*LABELS, "process"),
    ),
    Counter(
        "arengo_receipts_applied",
        "Receipts that were applied.",
        _counted(RECEIPTS),
        (*LABELS, "process"),
    ),
    Counter(
        "arengo_receipts_not_ours",
        "Receipts of no message of ours, which change nothing: another application writes from the number.",
        _counted(STRANGERS),
        (*LABELS, "process"),
    ),
    Histogram(
        "arengo_receipt_lag_seconds",
        "From the time that the platform gives a receipt to the moment in which it is applied.",
        _lag,
        (*LABELS, "process"),
    ),
)

FAMILIES = (*_SENDERS, *_QUEUES, *_WORK)
