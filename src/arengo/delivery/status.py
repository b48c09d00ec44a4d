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
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Sum

from arengo.core import tally
from arengo.core.health import living
from arengo.core.models import Heartbeat
from arengo.core.tally import ACCEPTED, RECEIPTS, Count, Told
from arengo.delivery.models import Fanout, Sender, Urgency
from arengo.delivery.ownership import Owner
from arengo.delivery.spreading import owners
from arengo.delivery.statements import statement

MOST_COUNTED = 20_000  # rows of one sender and urgency: some milliseconds


class Sight(msgspec.Struct, frozen=True):
    """What the owner of a sender sees of it. ``pace`` in messages a second, after slowing down."""

    sender: int
    epoch: int
    pace: float
    backlog: int  # claimed, not begun
    in_flight: int  # sent, not answered


def sights(owner: Owner) -> list[Sight]:
    """For the heartbeat of the worker; asked in its event loop."""
    return [
        Sight(
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
    """What waits for a sender.

    ``about``: a number was too large to be counted and comes from the mailings' own counters.
    """

    ready: dict[Urgency, int]
    ready_since: dict[Urgency, datetime]  # of the first in line; urgencies without any are missing
    later: int
    later_from: datetime | None  # when the first of them may go
    claimed: int
    uncertain: int
    about: bool = False

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
    sight: Sight | None  # what that worker sees; None: it has not told yet
    queue: Queue
    accepted: Count
    receipts: Count
    lag: (
        float | None
    )  # seconds within which 95 of 100 receipts of the last minute were applied; None: none came

    @property
    def pace(self) -> float | None:
        return self.sight.pace if self.sight else None


def read() -> list[SenderStatus]:
    """The scope's senders: one organization's, or all inside ``every_organization``."""
    senders = list(Sender.objects.select_related("organization").defer("credentials_sealed").order_by("pk"))
    if not senders:
        return []
    queues = _queues([sender.pk for sender in senders])
    owned_by = owners()
    hearts = [heart for heart in living() if heart.kind == "worker"]
    seen, told = _seen(hearts), Told.merged(tally.read(heart.detail) for heart in hearts)
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
            sight=seen.get((sender.pk, sender.epoch)),
            queue=queues[sender.pk],
            accepted=told.count(ACCEPTED, sender.pk),
            receipts=told.count(RECEIPTS, sender.pk),
            lag=told.delay(RECEIPTS, sender.pk).lately,
        )
        for sender in senders
    ]


def _seen(hearts: Iterable[Heartbeat]) -> dict[tuple[int, int], Sight]:
    """By sender and epoch: what an owner of before still tells is not taken for the present."""
    found: dict[tuple[int, int], Sight] = {}
    for heart in hearts:
        try:
            told = msgspec.convert(heart.detail.get("senders", []), type=list[Sight])
        except msgspec.ValidationError:  # a worker of another version: it says it in another way
            continue
        found |= {(sight.sender, sight.epoch): sight for sight in told}
    return found


def _queues(senders: list[int]) -> dict[int, Queue]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement("status"),
            {"senders": senders, "urgencies": [int(urgency) for urgency in Urgency], "most": MOST_COUNTED},
        )
        rows = cursor.fetchall()
    by_sender: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_sender.setdefault(row[0], []).append(row)
    beyond = {row[0] for row in rows if row[2] == MOST_COUNTED}
    estimates = _waiting_of_mailings(beyond) if beyond else {}
    return {sender_id: _queue(found, estimates) for sender_id, found in by_sender.items()}


def _queue(rows: list[tuple[Any, ...]], estimates: dict[tuple[int, int], int]) -> Queue:
    _id, _urgency, _ready, _since, later, first, claimed, uncertain = rows[0]
    counted = {Urgency(row[1]): int(row[2]) for row in rows}
    elsewhere = int(later) + int(claimed) + int(uncertain)
    ready = {
        urgency: max(number, estimates.get((rows[0][0], urgency), 0) - elsewhere)
        if number == MOST_COUNTED
        else number
        for urgency, number in counted.items()
    }
    return Queue(
        ready=ready,
        ready_since={Urgency(row[1]): row[3] for row in rows if row[3] is not None},
        later=int(later),
        later_from=first,
        claimed=int(claimed),
        uncertain=int(uncertain),
        about=MOST_COUNTED in (*counted.values(), int(later)),
    )


def _waiting_of_mailings(senders: Iterable[int]) -> dict[tuple[int, int], int]:
    """What of each mailing is not decided yet, summed by sender and urgency."""
    found = (
        Fanout.objects.filter(sender_id__in=list(senders), n_waiting__gt=0)
        .values_list("sender_id", "urgency")
        .annotate(waiting=Sum("n_waiting"))
    )
    return {(sender_id, urgency): int(waiting) for sender_id, urgency, waiting in found}
