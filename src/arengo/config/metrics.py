# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/metrics``: the state of the machine for Prometheus. Not public.

Who asks shows the token of ARENGO_METRICS_TOKEN; while none is set, the address is nobody's. There is no exemption for
this machine's own address: behind a proxy everybody comes from there. Numbers of the organization's own, no person's.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder

from arengo.config import status
from arengo.config.status import Snapshot
from arengo.config.troubles import KINDS, troubles
from arengo.core.scope import every_organization
from arengo.core.tally import ACCEPTED, BOUNDS, RECEIPTS, STRANGERS, WEBHOOKS, Delay
from arengo.delivery.status import SenderStatus

if TYPE_CHECKING:
    from prometheus_client.core import Metric

_SENDER = ("sender", "name", "organization")  # its id, its name, the organization's short name


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 while no token is set; 401 without it; else the figures, in the form that the asker prefers."""
    if not settings.ARENGO_METRICS_TOKEN:
        raise Http404
    if not _allowed(request.headers.get("Authorization", "")):
        return HttpResponse(
            "token", status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain"
        )
    with every_organization("who runs the installation watches all of it"):
        snapshot = status.read()
    registry = CollectorRegistry()
    registry.register(Figures(snapshot))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})


def _allowed(authorization: str) -> bool:
    scheme, _blank, token = authorization.partition(" ")
    told = token.strip().encode()
    return hmac.compare_digest(told, settings.ARENGO_METRICS_TOKEN.encode()) and scheme.lower() == "bearer"


class Figures:
    """A snapshot as Prometheus' families of metrics."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        yield from self._of_senders()
        yield from self._of_queues()
        yield from self._of_work_done()
        yield from self._of_journal()
        yield from self._of_automatic()
        yield from self._of_ground()
        yield self._troubles()

    def _of_senders(self) -> Iterator[Metric]:
        senders = self._snapshot.senders
        active = GaugeMetricFamily(
            "arengo_sender_active", "1: the sender may send. 0: it is stopped.", labels=_SENDER
        )
        owned = GaugeMetricFamily(
            "arengo_sender_owned", "1: a worker sends for it. 0: nobody does.", labels=_SENDER
        )
        rate = GaugeMetricFamily(
            "arengo_sender_rate_messages_per_second",
            "Messages a second that the platform grants.",
            labels=_SENDER,
        )
        pace = GaugeMetricFamily(
            "arengo_sender_pace_messages_per_second",
            "Messages a second that the owner allows itself now, after slowing down. Missing without an owner.",
            labels=_SENDER,
        )
        in_flight = GaugeMetricFamily(
            "arengo_sender_in_flight_messages", "Messages sent and not answered yet.", labels=_SENDER
        )
        for sender in senders:
            labels = _labels(sender)
            active.add_metric(labels, float(sender.active))
            owned.add_metric(labels, float(sender.owner is not None))
            rate.add_metric(labels, sender.rate)
            if sender.sight is not None:
                pace.add_metric(labels, sender.sight.pace)
                in_flight.add_metric(labels, sender.sight.in_flight)
        yield from (active, owned, rate, pace, in_flight)

    def _of_queues(self) -> Iterator[Metric]:
        ready = GaugeMetricFamily(
            "arengo_outbox_ready_deliveries",
            "Deliveries that may leave now, by urgency. Above 5,000 it comes from the mailings' own counters.",
            labels=(*_SENDER, "urgency"),
        )
        others = GaugeMetricFamily(
            "arengo_outbox_waiting_deliveries",
            "Deliveries that wait: later (a time has to come), claimed (on their way), uncertain (for a receipt). "
            "Above 5,000 later comes from the mailings' own counters, the others are counted so far.",
            labels=(*_SENDER, "state"),
        )
        oldest = GaugeMetricFamily(
            "arengo_outbox_oldest_ready_seconds",
            "How long the first in line waits; 0 when nobody does.",
            labels=_SENDER,
        )
        for sender in self._snapshot.senders:
            labels, queue = _labels(sender), sender.queue
            for urgency, number in queue.ready.items():
                ready.add_metric([*labels, urgency.name.lower()], number)
            for state in ("later", "claimed", "uncertain"):
                others.add_metric([*labels, state], getattr(queue, state))
            oldest.add_metric(labels, queue.waiting_for(self._snapshot.at).total_seconds())
        yield from (ready, others, oldest)

    def _of_work_done(self) -> Iterator[Metric]:
        """Of each worker apart: a counter begins anew with its process, and Prometheus knows how to take that."""
        accepted = CounterMetricFamily(
            "arengo_deliveries_accepted", "Messages that the platform took.", labels=(*_SENDER, "process")
        )
        receipts = CounterMetricFamily(
            "arengo_receipts_applied", "Receipts that were applied.", labels=(*_SENDER, "process")
        )
        strangers = CounterMetricFamily(
            "arengo_receipts_not_ours",
            "Receipts of no message of ours, which change nothing: another application writes from the number.",
            labels=(*_SENDER, "process"),
        )
        lag = HistogramMetricFamily(
            "arengo_receipt_lag_seconds",
            "From the time that the platform gives a receipt to the moment in which it is applied.",
            labels=(*_SENDER, "process"),
        )
        webhooks = CounterMetricFamily(
            "arengo_webhooks_read", "Journal rows that were read.", labels=("process",)
        )
        for process in self._snapshot.machine.processes:
            if process.kind != "worker":
                continue
            webhooks.add_metric([process.name], process.told.count(WEBHOOKS, 0).total)
            for sender in self._snapshot.senders:
                labels = [*_labels(sender), process.name]
                accepted.add_metric(labels, process.told.count(ACCEPTED, sender.id).total)
                receipts.add_metric(labels, process.told.count(RECEIPTS, sender.id).total)
                strangers.add_metric(labels, process.told.count(STRANGERS, sender.id).total)
                delay = process.told.delay(RECEIPTS, sender.id)
                lag.add_metric(labels, _buckets(delay), delay.seconds)
        yield from (accepted, receipts, strangers, lag, webhooks)

    def _of_journal(self) -> Iterator[Metric]:
        journal = self._snapshot.journal
        yield GaugeMetricFamily(
            "arengo_journal_waiting_webhooks",
            "Webhooks stored and not read yet. Above 10,000: written since the first of them.",
            value=journal.waiting,
        )
        yield GaugeMetricFamily(
            "arengo_journal_oldest_waiting_seconds",
            "How long the oldest of them waits; 0 when none does.",
            value=journal.behind(self._snapshot.at).total_seconds(),
        )
        marked = GaugeMetricFamily(
            "arengo_journal_marked_webhooks",
            "Dead letters: webhooks of which something could not be read, and nobody has looked at them.",
            labels=_SENDER,
        )
        for sender in self._snapshot.senders:
            marked.add_metric(_labels(sender), journal.marked.get(sender.id, 0))
        yield marked

    def _of_automatic(self) -> Iterator[Metric]:
        found = GaugeMetricFamily(
            "arengo_automatic_messages_lately",
            "Messages that Arengo sent by itself in this hour and the last, or did not: too many to one person, too many in "
            "all; and those that wait for the pace.",
            labels=("organization_id", "outcome"),
        )
        for lately in self._snapshot.automatic:
            for outcome, number in (
                ("sent", lately.sent),
                ("too_many_to_one", lately.too_many_to_one),
                ("too_many_in_all", lately.too_many_in_all),
                ("waiting", lately.waiting),
            ):
                found.add_metric([str(lately.organization_id), outcome], number)
        yield found

    def _of_ground(self) -> Iterator[Metric]:
        ground = self._snapshot.machine
        processes = GaugeMetricFamily("arengo_processes", "Processes that live, by kind.", labels=("kind",))
        for kind in ("web", "worker"):
            processes.add_metric([kind], ground.alive(kind))
        jobs = GaugeMetricFamily(
            "arengo_jobs", "Background jobs by state, counted up to 100,000.", labels=("state",)
        )
        for state, number in ground.jobs.items():
            jobs.add_metric([state], number)
        size = GaugeMetricFamily(
            "arengo_database_table_bytes", "Size of the largest tables, indexes included.", labels=("table",)
        )
        rows = GaugeMetricFamily(
            "arengo_database_table_rows",
            "Rows of the largest tables as PostgreSQL estimates them.",
            labels=("table",),
        )
        for table in ground.tables:
            size.add_metric([table.name], table.bytes)
            if table.rows is not None:
                rows.add_metric([table.name], table.rows)
        yield from (processes, jobs, size, rows)
        for name, words, value in (
            ("jobs_failed_last_day", "Background jobs that failed within a day.", ground.jobs_failed_lately),
            ("database_bytes", "Size of the database.", ground.database_bytes),
            ("database_connections", "Connections to the database server.", ground.connections),
            ("database_connections_limit", "Connections that it allows.", ground.most_connections),
            ("migrations_pending", "Changes of the tables that are not applied.", ground.migrations_pending),
            ("disk_free_bytes", "Free space where the data folder of this web process is.", ground.disk_free),
        ):
            yield GaugeMetricFamily(f"arengo_{name}", words, value=value)

    def _troubles(self) -> Metric:
        found = GaugeMetricFamily(
            "arengo_troubles",
            "What is wrong now, by kind; person=yes: somebody must act. The page Stato del servizio says what to do.",
            labels=("kind", "person"),
        )
        counted: dict[tuple[str, str], int] = {
            (kind, "yes" if person else "no"): 0 for kind, person in KINDS.items()
        }
        for trouble in troubles(self._snapshot):
            key = (trouble.kind, "yes" if trouble.person else "no")
            counted[key] = counted.get(key, 0) + 1
        for (kind, person), number in counted.items():
            found.add_metric([kind, person], number)
        return found


def _labels(sender: SenderStatus) -> list[str]:
    return [str(sender.id), sender.name, sender.organization_slug]


def _buckets(delay: Delay) -> list[tuple[str, float]]:
    """Cumulative, as Prometheus wants them."""
    reached = 0
    found: list[tuple[str, float]] = []
    for bound, number in zip((*map(float, BOUNDS), "+Inf"), delay.buckets, strict=True):
        reached += number
        found.append((str(bound), reached))
    return found
