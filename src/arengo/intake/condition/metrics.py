# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road in as families of metrics."""

from __future__ import annotations

from collections.abc import Iterator

from arengo.core.console.conditions import Snapshot
from arengo.core.console.metrics import Counter, Family, Gauge, Sample
from arengo.core.console.senders import LABELS, SenderNames
from arengo.core.machine import Machine
from arengo.core.process_metrics import WEBHOOKS
from arengo.intake.status import JournalStatus


def _read(snapshot: Snapshot) -> Iterator[Sample]:
    """Of each worker apart: a counter begins anew with its process."""
    for process in snapshot.of(Machine).workers:
        yield Sample(process.metrics.count(WEBHOOKS, 0).total, (process.name,))


def _waiting(snapshot: Snapshot) -> Iterator[Sample]:
    yield Sample(snapshot.of(JournalStatus).waiting)


def _oldest(snapshot: Snapshot) -> Iterator[Sample]:
    yield Sample(snapshot.of(JournalStatus).behind(snapshot.at).total_seconds())


def _marked(snapshot: Snapshot) -> Iterator[Sample]:
    marked = snapshot.of(JournalStatus).marked
    for sender in snapshot.of(SenderNames).all:
        yield Sample(marked.get(sender.id, 0), sender.labels)


FAMILIES: tuple[Family, ...] = (
    Counter("arengo_webhooks_read", "Journal rows that were read.", _read, ("process",)),
    Gauge(
        "arengo_journal_waiting_webhooks",
        "Webhooks stored and not read yet. Above 10,000: written since the first of them.",
        _waiting,
    ),
    Gauge(
        "arengo_journal_oldest_waiting_seconds",
        "How long the oldest of them waits; 0 when none does.",
        _oldest,
    ),
    Gauge(
        "arengo_journal_marked_webhooks",
        "Dead letters: webhooks of which something could not be read, and nobody has looked at them.",
        _marked,
        LABELS,
    ),
)
