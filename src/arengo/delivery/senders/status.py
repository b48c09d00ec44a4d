# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road out is doing now, a sender at a time: its owner, its pace, what waits, what came back.

Two sources. The outbox, a small table, is asked along its indexes and counted up to a bound: the cost does not grow with
the deliveries kept nor with those queued. What only the owner knows (pace, what is in flight, how many in the last minute)
it tells with its heartbeat, every five seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from django.db import connection, transaction
from django.db.models import Sum

from arengo.core import process_metrics
from arengo.core.console.reports import Sure
from arengo.core.health import living
from arengo.core.models import Heartbeat
from arengo.core.process_metrics import ACCEPTED, RECEIPTS, STRANGERS, Count, MetricsSnapshot
from arengo.delivery.models import Fanout, Sender, Urgency
from arengo.delivery.queue.rebalancing import owners
from arengo.delivery.sql import statement
from arengo.platforms.registry import platform

if TYPE_CHECKING:
    from arengo.delivery.queue.ownership import Owner

MOST_COUNTED = 5_000  # rows of one sender and urgency: some milliseconds


class SenderStats(msgspec.Struct, frozen=True):
    """What the owner of a sender sees of it. ``pace`` in messages a second, after slowing down."""

    sender: int
    epoch: int
    pace: float
    backlog: int  # claimed, not begun
    in_flight: int  # sent, not answered


def sender_stats(owner: Owner) -> list[SenderStats]:
    """For the heartbeat of the worker; asked in its event loop."""
    return [
        SenderStats(
            sender=dispatcher.sender.id,
            epoch=dispatcher.sender.epoch,
            pace=round(dispatcher.pace.current, 2),
            backlog=dispatcher.claimed,
            in_flight=dispatcher.in_flight,
        )
        for dispatcher in owner.dispatchers
    ]


@dataclass(frozen=True)
class Queue:
    """What waits for a sender. ``Sure.ABOUT``: from the mailings' own counters."""

    ready: dict[Urgency, int]
    ready_sure: Sure
    ready_since: dict[Urgency, datetime]  # of the first in line; urgencies without any are missing
    later: int
    later_sure: Sure
    later_from: datetime | None  # when the first of them may go
    held: int  # of those, because today's people are used up; counted up to the bound
    claimed: int
    uncertain: int

    @property
    def depth(self) -> int:
        return sum(self.ready.values())

    def waiting_for(self, now: datetime) -> timedelta:
        """How long the first in line waits: nothing when nobody stands there."""
        return max(timedelta(0), now - min(self.ready_since.values(), default=now))


@dataclass(frozen=True)
class SenderStatus:
    id: int
    platform: str
    name: str
    organization_id: int
    organization: str
    organization_slug: str
    active: bool
    stop_code: int
    stop_reason: str
    rate: int  # messages a second that the platform grants
    epoch: int
    owner: str | None  # the worker that sends for it
    stats: SenderStats | None  # what that worker sees; None: it has not told yet
    queue: Queue
    accepted: Count
    tells_receipts: bool  # the platform can
    receipts: Count
    strangers: Count  # receipts of no message of ours
    lag: (
        float | None
    )  # seconds within which 95 of 100 receipts of the last minute were applied; None: none came

    @property
    def pace(self) -> float | None:
        return self.stats.pace if self.stats else None


def read() -> list[SenderStatus]:
    """The scope's senders: one organization's, or all inside ``every_organization``."""
    senders = list(Sender.objects.select_related("organization").defer("credentials_sealed").order_by("pk"))
    if not senders:
        return []
    queues = _queues([sender.pk for sender in senders])
    owned_by = owners()
    hearts = [heart for heart in living() if heart.kind == "worker"]
    seen, metrics = (
        _seen(hearts),
        MetricsSnapshot.merged(process_metrics.read(heart.detail) for heart in hearts),
    )
    return [
        SenderStatus(
            id=sender.pk,
            platform=sender.platform,
            name=sender.name,
            organization_id=sender.organization_id,
            organization=sender.organization.name,
            organization_slug=sender.organization.slug,
            active=sender.state == Sender.State.ACTIVE,
            stop_code=sender.stop_code,
            stop_reason=sender.stop_reason,
            rate=sender.rate,
            epoch=sender.epoch,
            owner=owned_by.get(sender.pk),
            stats=seen.get((sender.pk, sender.epoch)),
            queue=queues[sender.pk],
            accepted=metrics.count(ACCEPTED, sender.pk),
            tells_receipts=platform(sender.platform).can.receipts,
            receipts=metrics.count(RECEIPTS, sender.pk),
            strangers=metrics.count(STRANGERS, sender.pk),
            lag=metrics.delay(RECEIPTS, sender.pk).lately,
        )
        for sender in senders
    ]


def _seen(hearts: Iterable[Heartbeat]) -> dict[tuple[int, int], SenderStats]:
    """By sender and epoch: what an owner of before still tells is not taken for the present."""
    found: dict[tuple[int, int], SenderStats] = {}
    for heart in hearts:
        try:
            reported = msgspec.convert(heart.detail.get("senders", []), type=list[SenderStats])
        except msgspec.ValidationError:  # a worker of another version: it says it in another way
            continue
        found |= {(stats.sender, stats.epoch): stats for stats in reported}
    return found


def _queues(senders: list[int]) -> dict[int, Queue]:
    with transaction.atomic(), connection.cursor() as cursor:
        # The outbox grows and shrinks faster than its statistics: nothing may tempt the planner to read all of it.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            statement("status"),
            {"senders": senders, "urgencies": [int(urgency) for urgency in Urgency], "most": MOST_COUNTED},
        )
        rows = [_Row(*row) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT; SET LOCAL enable_bitmapscan = DEFAULT")
    by_sender: dict[int, list[_Row]] = {}
    for row in rows:
        by_sender.setdefault(row.sender, []).append(row)
    beyond = {row.sender for row in rows if MOST_COUNTED in (row.ready, row.later)}
    undecided = _undecided_of_mailings(beyond) if beyond else {}
    return {sender_id: _queue(found, undecided) for sender_id, found in by_sender.items()}


class _Row(NamedTuple):
    """A row of status.sql: one for each sender and urgency; from ``later`` on the same for all of a sender."""

    sender: int
    urgency: int
    ready: int
    since: datetime | None
    later: int
    held: int
    later_from: datetime | None
    claimed: int
    uncertain: int


def _queue(rows: list[_Row], undecided: dict[tuple[int, int], int]) -> Queue:
    """What reached the bound is what the mailings have not decided, less what was counted beside it.

    Where both what is ready and what waits for later reached it, nothing more can be told of either.
    """
    one = rows[0]
    ready = {Urgency(row.urgency): row.ready for row in rows}
    later, ready_sure, later_sure = one.later, Sure.EXACT, Sure.EXACT
    under_way = one.claimed + one.uncertain
    ready_full, later_full = MOST_COUNTED in ready.values(), later == MOST_COUNTED
    if ready_full and later_full:
        ready_sure = later_sure = Sure.AT_LEAST
    elif later_full:
        whole = sum(undecided.get((one.sender, urgency), 0) for urgency in Urgency)
        later, later_sure = _beyond(whole - sum(ready.values()) - under_way)
    elif ready_full:
        for urgency in [urgency for urgency, number in ready.items() if number == MOST_COUNTED]:
            known = undecided.get((one.sender, urgency), 0) - later - under_way
            ready[urgency], sure = _beyond(known)
            ready_sure = Sure.AT_LEAST if Sure.AT_LEAST in (sure, ready_sure) else Sure.ABOUT
    return Queue(
        ready=ready,
        ready_sure=ready_sure,
        ready_since={Urgency(row.urgency): row.since for row in rows if row.since is not None},
        later=later,
        later_sure=later_sure,
        later_from=one.later_from,
        held=one.held,
        claimed=one.claimed,
        uncertain=one.uncertain,
    )


def _beyond(estimate: int) -> tuple[int, Sure]:
    return (estimate, Sure.ABOUT) if estimate > MOST_COUNTED else (MOST_COUNTED, Sure.AT_LEAST)


def _undecided_of_mailings(senders: Iterable[int]) -> dict[tuple[int, int], int]:
    """What of each mailing is not decided yet, summed by sender and urgency."""
    found = (
        Fanout.objects.filter(sender_id__in=list(senders), n_waiting__gt=0)
        .values_list("sender_id", "urgency")
        .annotate(waiting=Sum("n_waiting"))
    )
    return {(sender_id, urgency): int(waiting) for sender_id, urgency, waiting in found}
