# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing to the outbox, in the caller's own transaction: what is said there will be sent, or the transaction fails."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.database import again_if_undone
from arengo.core.hash_sets import HashSet
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, OutboxState, Sender, Urgency
from arengo.delivery.sending.doubts import moment_of
from arengo.delivery.sql import statement
from arengo.delivery.timeline import late
from arengo.platforms.contract import Address, Outgoing
from arengo.platforms.registry import platform

WAKE = "arengo_outbox"  # NOTIFY channel: the payload is the sender's id
_CHUNK = 5000  # rows of a multi-row insert
_FIRST_CHUNK = 250  # the first leave while the others are still being written

Among = Collection[bytes] | HashSet  # of address hashes


class UnfitMessage(ValueError):
    """The platform would refuse this message; ``problems`` says why, in the user's language."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def check(sender: Sender, outgoing: Outgoing) -> None:
    """UnfitMessage when the platform would refuse it: said before anything is written or paid."""
    problems = platform(sender.platform).problems(outgoing)
    if problems:
        raise UnfitMessage(problems)


def enqueue(
    sender: Sender,
    to: Address,
    outgoing: Outgoing,
    *,
    topic: str = "",
    urgency: Urgency = Urgency.REPLY,
    price_category: str = "service",
    due_at: datetime | None = None,
) -> Delivery:
    """One message to one person. ``topic`` is the live topic of the screen that shows it.

    ``due_at``: since when it was to leave, where a job writes it and not the person who wants it: what was due before the
    database was found older than it was is withheld, since it may have left then (delivery/timeline).
    """
    check(sender, outgoing)
    now = timezone.now()
    with transaction.atomic():
        withheld = late.withholds(sender.organization_id, due_at)
        delivery: Delivery = Delivery.objects.create(
            organization_id=sender.organization_id,
            sender=sender,
            urgency=urgency,
            address_sealed=vault().seal(msgspec.json.encode(to), purpose="address"),
            address_hash=vault().lookup_on(*to.key(sender.platform)),
            outgoing_sealed=vault().seal(msgspec.json.encode(outgoing), purpose="outgoing"),
            topic=topic,
            price_category=price_category,
            created_at=now,
            state=DeliveryState.WITHHELD if withheld else DeliveryState.QUEUED,
        )
        Outbox.objects.create(
            delivery=delivery,
            organization_id=sender.organization_id,
            sender=sender,
            urgency=urgency,
            state=OutboxState.WITHHELD if withheld else OutboxState.READY,
            not_before=now,
        )
        wake(sender.pk)
    return delivery


def open_fanout(
    sender: Sender,
    outgoing: Outgoing,
    *,
    urgency: Urgency,
    price_category: str,
    topic: str,
    due_at: datetime | None = None,
) -> Fanout:
    """A mailing without recipients yet: fill it with :func:`fill`, end with :func:`close_fanout`.

    ``due_at`` as in :func:`enqueue`: when somebody pressed «Invia», or the moment for which it was planned.
    """
    check(sender, outgoing)
    withheld = late.withholds(sender.organization_id, due_at)
    fanout: Fanout = Fanout.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        urgency=urgency,
        outgoing=msgspec.json.encode(outgoing),
        price_category=price_category,
        topic=topic,
        withheld_at=timezone.now() if withheld else None,
    )
    return fanout


def fill(fanout: Fanout, addresses: Iterable[Address]) -> int:
    """Adds recipients; one already in this fanout is not added twice. Returns how many were new."""
    now = timezone.now()
    added = 0
    chunk = _FIRST_CHUNK
    rows: list[tuple[bytes, bytes]] = []
    encode, seal, lookup_on, name = (
        msgspec.json.encode,
        vault().seal,
        vault().lookup_on,
        fanout.sender.platform,
    )
    for address in addresses:
        rows.append((seal(encode(address), purpose="address"), lookup_on(*address.key(name))))
        if len(rows) == chunk:
            added += _insert(fanout, rows, now)
            rows, chunk = [], _CHUNK
    if rows:
        added += _insert(fanout, rows, now)
    return added


def _insert(fanout: Fanout, rows: list[tuple[bytes, bytes]], now: datetime) -> int:
    added = _count(
        statement("fill"),
        {
            "organization": fanout.organization_id,
            "sender": fanout.sender_id,
            "fanout": fanout.pk,
            "urgency": fanout.urgency,
            "category": fanout.price_category,
            "now": now,
            "sealed": [sealed for sealed, _hash in rows],
            "hashes": [hashed for _sealed, hashed in rows],
        },
    )
    if added:
        wake(fanout.sender_id)  # a chunk at a time: the first recipients do not wait for the last
    return added


def close_fanout(fanout: Fanout) -> None:
    Fanout.objects.filter(pk=fanout.pk).update(filled_at=timezone.now())


def wake(sender_id: int) -> None:
    """Tell the dispatcher that there is something to do, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE, str(sender_id)])


@again_if_undone
def retry_failed(fanout: Fanout, *, codes: Iterable[int] | None = None, among: Among | None = None) -> int:
    """Failed deliveries of a fanout go back into the outbox: a person decided so. Returns how many.

    ``among``: only to these address hashes, e.g. of who is still subscribed.
    """
    which = statement("which_failed")
    if codes is not None:
        which += " AND d.code = ANY(%(codes)s)"
    those, values = _among(among) if among is not None else ("true", {})
    with transaction.atomic():
        moved = _count(
            statement("retry", which=f"{which} AND {those}"),
            {"fanout": fanout.pk, "codes": list(codes or ()), **values},
        )
        if moved:
            wake(fanout.sender_id)
    return moved


def count_failed(
    fanout: Fanout, *, codes: Iterable[int] | None = None, among: Among | None = None
) -> tuple[int, int]:
    """What :func:`retry_failed` would move: how many failed, and how many of those are among ``among``."""
    which = statement("which_failed")
    if codes is not None:
        which += " AND d.code = ANY(%(codes)s)"
    those, values = _among(among) if among is not None else ("true", {})
    with connection.cursor() as cursor:
        cursor.execute(
            statement("count_failed", which=which, those=those),
            {"fanout": fanout.pk, "codes": list(codes or ()), **values},
        )
        failed, meant = cursor.fetchone()
    return int(failed), int(meant)


@again_if_undone
def retry_unknown(fanout: Fanout, *, mark: int, only_not_sent: bool, among: Among) -> int:
    """Unknown deliveries of a fanout go again, because a person saw the evidence and decided so. Returns how many.

    ``mark``: what the person saw (``doubts.unknown``): what came into doubt since, by an earlier press perhaps, stays.
    ``only_not_sent``: of which there is evidence that they did not go. ``among``: only to these address hashes.
    """
    those, values = _among(among)
    conditions = [statement("which_unknown"), those, statement("which_seen")]
    if only_not_sent:
        conditions.append(statement("which_not_sent"))
    with transaction.atomic():
        moved = _count(
            statement("retry", which=" AND ".join(conditions)),
            {"fanout": fanout.pk, "seen": moment_of(mark), **values},
        )
        if moved:
            wake(fanout.sender_id)
    return moved


def _among(hashes: Among) -> tuple[str, dict[str, Any]]:
    """A condition on a delivery ``d``, and its values."""
    if isinstance(hashes, HashSet):
        return hashes.condition("d.address_hash"), dict(hashes.values)
    return "d.address_hash = ANY(%(among)s)", {"among": list(hashes)}


def keep_out(fanout: Fanout) -> None:
    """In the caller's transaction: nobody puts anything of this mailing into the outbox, until what is decided of it stands.

    A transaction that does so now is waited for, so that its rows are seen; a later one sees the decision. Both hold the mailing
    FOR KEY SHARE (``sql/fill.sql``, ``retry.sql``, ``second_try.sql``, ``settle.sql``, ``requeue.sql``), which only the
    strongest of row locks keeps out.
    """
    Fanout.objects.select_for_update(of=("self",)).filter(pk=fanout.pk).first()


@again_if_undone
def stop_fanout(fanout: Fanout) -> int:
    """What still waits in the outbox is not sent; what left has left. Returns how many were cancelled.

    Nothing of it comes into the outbox any more, by filling it or by sending it again. Safe to repeat.
    """
    with transaction.atomic():
        keep_out(fanout)
        Fanout.objects.filter(pk=fanout.pk, stopped_at__isnull=True).update(stopped_at=timezone.now())
        return _count(
            statement("cancel", which="d.fanout_id = %(fanout)s AND o.fanout_id = %(fanout)s"),
            {"fanout": fanout.pk},
        )


def can_retry(delivery: Delivery) -> bool:
    """It did not arrive, or nobody knows, and it is still known to whom it was to go (delivery/retention.py)."""
    return delivery.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN) and bool(delivery.address_sealed)


@again_if_undone
def retry(delivery: Delivery, *, mark: int | None = None) -> bool:
    """One failed or unknown delivery again, because a person asked for it. Pressed twice, it goes once.

    ``mark``: which doubt the person saw (``doubts.evidence``); one that came since, after an earlier press, is another.
    Returns whether it goes.
    """
    if not can_retry(delivery):
        raise ValueError(_("Questo messaggio non è fra quelli non riusciti."))
    which = "d.id = %(id)s AND d.state = %(state)s AND d.address_sealed <> ''"
    if mark is not None:
        which += f" AND {statement('which_seen')}"
    with transaction.atomic():
        moved = _count(
            statement("retry", which=which),
            {
                "id": delivery.pk,
                "fanout": delivery.fanout_id,
                "state": int(delivery.state),
                "seen": moment_of(mark or 0),
            },
        )
        wake(delivery.sender_id)
    return moved > 0


def _count(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
