# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of an organization is withheld since the database was found older than it was, and what a person decides of it.

Each verb may be pressed twice: what is decided is not decided again. What turns out to have been sent (a receipt came for
it) leaves the outbox by itself, before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from arengo.core import alarms, audit
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.core.scope import current_organization_id
from arengo.delivery.limits import ceilings
from arengo.delivery.models import Fanout, Outbox, OutboxState, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.sending import announced
from arengo.delivery.sending.announced import Announced
from arengo.delivery.sql import statement
from arengo.delivery.timeline.beginning import ALARM, present
from arengo.delivery.timeline.models import Cause, Timeline, TimelineRead

DROPPED = -20  # the code of a delivery that a person dropped here
_MOST_LOST = 1 << 26  # more lost ids than this are a jump, and no number of messages

_OF_MAILING = "o.organization_id = %(organization)s AND d.fanout_id = %(fanout)s AND o.fanout_id = %(fanout)s"
_SINGLE = "o.organization_id = %(organization)s AND o.fanout_id IS NULL"
_DECIDING = {
    "code": DROPPED,
    "repeats": ceilings.REPEATS_OF_AN_ALERT,
    "tries": ceilings.TRIES_KEPT,
}


@dataclass(frozen=True)
class Mailing:
    """``left``: what had left when the database was saved, and what receipts told of since."""

    fanout: Fanout
    said: Announced | None  # None: no room knows it any more

    @property
    def total(self) -> int:
        return self.fanout.total

    @property
    def waiting(self) -> int:
        return self.fanout.n_waiting

    @property
    def left(self) -> int:
        return self.fanout.n_accepted

    @property
    def is_alert(self) -> bool:
        return self.fanout.urgency == Urgency.ALERT

    @property
    def is_filled(self) -> bool:
        return self.fanout.filled_at is not None


@dataclass(frozen=True)
class Singles:
    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    old: int = 0  # of more than a day: WhatsApp refuses most of them


@dataclass(frozen=True)
class Withheld:
    """``sent_later``: at least so many messages of the lost time, of which receipts told; None: more than can be told.

    ``read``: the banner is gone. Where nothing is left that a person decided (the mailing was stopped, receipts took all
    of it out, who waited left the list) somebody still reads so.
    """

    timeline: Timeline
    mailings: list[Mailing] = field(default_factory=list)
    singles: Singles = field(default_factory=Singles)
    read: bool = False

    @property
    def nothing(self) -> bool:
        return not self.mailings and not self.singles.count

    @property
    def sent_later(self) -> int | None:
        more = max(0, self.timeline.seen_delivery - self.timeline.before_delivery)
        return more if more < _MOST_LOST else None


@dataclass(frozen=True)
class Undecided:
    """Of the scope: how many messages wait for a person, and since when the database does not know what happened."""

    timeline: Timeline
    messages: int


@dataclass(frozen=True)
class Outlook:
    """``moved_at``: when the database was last found in another place, and nothing seemed to be missing."""

    undecided: Undecided | None = None
    moved_at: datetime | None = None


def outlook() -> Outlook:
    """Of the scope. Nothing is undecided where each organization has decided, or read that there was nothing to decide."""
    timeline = present()
    if timeline is None:
        return Outlook()
    return Outlook(_undecided(timeline), timeline.moved_place_at)


def _undecided(timeline: Timeline) -> Undecided | None:
    if timeline.cause == Cause.INSTALLED:
        return None
    organizations = Organization.objects.filter(alarms__contains=[ALARM])
    scope = current_organization_id()
    if scope is not None:
        organizations = organizations.filter(pk=scope)
    if not organizations.exists():
        return None
    waiting = Fanout.objects.filter(withheld_at__isnull=False, stopped_at__isnull=True).aggregate(
        n=Sum("n_waiting")
    )["n"]
    singles = Outbox.objects.filter(state=OutboxState.WITHHELD, fanout__isnull=True).count()
    return Undecided(timeline, int(waiting or 0) + singles)


def withheld(organization_id: int) -> Withheld | None:
    """Inside the organization's scope. None while nothing was ever found older than it was."""
    timeline = present()
    if timeline is None or timeline.cause == Cause.INSTALLED:
        return None
    fanouts = list(
        Fanout.objects.filter(
            organization_id=organization_id, withheld_at__isnull=False, stopped_at__isnull=True
        )
        .exclude(filled_at__isnull=False, n_waiting=0)
        .order_by("urgency", "pk")
    )
    said = announced.of([fanout.pk for fanout in fanouts])
    with connection.cursor() as cursor:
        cursor.execute(statement("withheld_singles"), {"organization": organization_id})
        singles = Singles(*cursor.fetchone())
    return Withheld(
        timeline,
        [Mailing(fanout, said.get(fanout.pk)) for fanout in fanouts],
        singles,
        not Organization.objects.filter(pk=organization_id, alarms__contains=[ALARM]).exists(),
    )


@again_if_undone
def release_mailing(fanout: Fanout, *, by: Person) -> int:
    """What of it is withheld leaves, and what fills it leaves too. Returns how many stand in line again."""
    with transaction.atomic():
        if not _locked(fanout):
            return 0
        Fanout.objects.filter(pk=fanout.pk).update(withheld_at=None)
        count = _run("release", _OF_MAILING, _mailing(fanout))
        outbox.wake(fanout.sender_id)
        _decided(fanout.organization_id, "delivery.released_withheld", by, fanout, count, fanout.topic)
    return count


@again_if_undone
def drop_mailing(fanout: Fanout, *, by: Person) -> int:
    """What of it is withheld does not leave any more. Returns how many were cancelled."""
    with transaction.atomic():
        if not _locked(fanout):
            return 0
        Fanout.objects.filter(pk=fanout.pk).update(stopped_at=timezone.now())
        count = _run("drop", _OF_MAILING, _mailing(fanout))
        _decided(fanout.organization_id, "delivery.dropped_withheld", by, fanout, count, fanout.topic)
    return count


@again_if_undone
def release_singles(organization_id: int, *, by: Person) -> int:
    with transaction.atomic():
        senders = _senders_of_singles(organization_id)
        count = _run("release", _SINGLE, {"organization": organization_id})
        for sender_id in senders:
            outbox.wake(sender_id)
        _decided(organization_id, "delivery.released_withheld", by, None, count, "inbox")
    return count


@again_if_undone
def drop_singles(organization_id: int, *, by: Person) -> int:
    with transaction.atomic():
        count = _run("drop", _SINGLE, {"organization": organization_id})
        _decided(organization_id, "delivery.dropped_withheld", by, None, count, "inbox")
    return count


def read(organization_id: int, *, by: Person) -> None:
    """Somebody knows; where nothing is withheld the banner goes."""
    with transaction.atomic():
        _decided(organization_id, "delivery.read_timeline", by, None, 0, "senders")


def _locked(fanout: Fanout) -> bool:
    """Whether it is still undecided; nobody else decides it, fills it or withholds it meanwhile."""
    outbox.keep_out(fanout)
    return Fanout.objects.filter(pk=fanout.pk, withheld_at__isnull=False, stopped_at__isnull=True).exists()


def _mailing(fanout: Fanout) -> dict[str, int]:
    return {"organization": fanout.organization_id, "fanout": fanout.pk}


def _senders_of_singles(organization_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement("senders_of_withheld"), {"organization": organization_id})
        return [row[0] for row in cursor.fetchall()]


def _run(name: str, which: str, values: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement(name, which=which), {**_DECIDING, **values})
        return int(cursor.fetchone()[0])


def _decided(
    organization_id: int, verb: str, by: Person, fanout: Fanout | None, count: int, topic: str
) -> None:
    """Into the log, to the screens; and the banner goes once nothing is left to decide."""
    timeline = present()
    if timeline is None:
        return
    _row, is_new = TimelineRead.objects.get_or_create(timeline=timeline, organization_id=organization_id)
    if count or is_new or fanout is not None:
        audit.record(verb, organization=organization_id, by=by, on=fanout, detail={"count": count})
    left = withheld(organization_id)
    if left is None or left.nothing:
        alarms.call_off(organization_id, ALARM)
    announce(organization_id, "senders", topic)
