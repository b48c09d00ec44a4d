# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing to the outbox, in the caller's own transaction: what is said there will be sent, or the transaction fails."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.vault import vault
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender, Urgency
from arengo.platforms.contract import Address, Outgoing, Template
from arengo.platforms.registry import platform

WAKE = "arengo_outbox"  # NOTIFY channel: the payload is the sender's id
_CHUNK = 5000  # rows of a multi-row insert


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
) -> Delivery:
    """One message to one person. ``topic`` is the live topic of the screen that shows it."""
    check(sender, outgoing)
    delivery: Delivery = Delivery.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        urgency=urgency,
        address_sealed=vault().seal(msgspec.json.encode(to), purpose="address"),
        address_hash=vault().lookup(to.key),
        outgoing_sealed=vault().seal(msgspec.json.encode(outgoing), purpose="outgoing"),
        topic=topic,
        price_category=price_category,
    )
    wake(sender.pk)
    return delivery


def open_fanout(
    sender: Sender, outgoing: Template, *, urgency: Urgency, price_category: str, topic: str
) -> Fanout:
    """A mailing without recipients yet: fill it with :func:`fill`, end with :func:`close_fanout`."""
    check(sender, outgoing)
    fanout: Fanout = Fanout.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        urgency=urgency,
        outgoing=msgspec.json.encode(outgoing),
        price_category=price_category,
        topic=topic,
    )
    return fanout


def fill(fanout: Fanout, addresses: Iterable[Address]) -> int:
    """Adds recipients; one already in this fanout is not added twice. Returns how many were new."""
    now = timezone.now()
    added = 0
    rows: list[tuple[bytes, bytes]] = []
    encode, seal, lookup = msgspec.json.encode, vault().seal, vault().lookup
    for address in addresses:
        rows.append((seal(encode(address), purpose="address"), lookup(address.key)))
        if len(rows) == _CHUNK:
            added += _insert(fanout, rows, now)
            rows = []
    if rows:
        added += _insert(fanout, rows, now)
    if added:
        wake(fanout.sender_id)
    return added


def _insert(fanout: Fanout, rows: list[tuple[bytes, bytes]], now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_delivery (organization_id, sender_id, fanout_id, urgency, address_sealed, address_hash, "
            " topic, state, not_before, attempts, message_id, code, reason, price_category, created_at) "
            "SELECT %s, %s, %s, %s, sealed, hash, '', 0, %s, 0, '', 0, '', %s, %s "
            "FROM unnest(%s::bytea[], %s::bytea[]) AS rows (sealed, hash) "
            "ON CONFLICT (fanout_id, address_hash) WHERE fanout_id IS NOT NULL DO NOTHING",
            [
                fanout.organization_id,
                fanout.sender_id,
                fanout.pk,
                fanout.urgency,
                now,
                fanout.price_category,
                now,
                [sealed for sealed, _hash in rows],
                [hashed for _sealed, hashed in rows],
            ],
        )
        added = int(cursor.rowcount)
        cursor.execute("UPDATE delivery_fanout SET total = total + %s WHERE id = %s", [added, fanout.pk])
    return added


def close_fanout(fanout: Fanout) -> None:
    Fanout.objects.filter(pk=fanout.pk).update(filled_at=timezone.now())


def wake(sender_id: int) -> None:
    """Tell the dispatcher that there is something to do, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE, str(sender_id)])


def retry_failed(
    fanout: Fanout, *, codes: Iterable[int] | None = None, among: Collection[bytes] | None = None
) -> int:
    """Failed deliveries of a fanout go back into the outbox: a person decided so. Returns how many.

    ``among``: only to these address hashes, e.g. of who is still subscribed.
    """
    failed = Delivery.objects.filter(fanout=fanout, state=DeliveryState.FAILED)
    if codes is not None:
        failed = failed.filter(code__in=list(codes))
    if among is not None:
        failed = failed.filter(address_hash__in=list(among))
    with transaction.atomic():
        moved: int = failed.update(
            state=DeliveryState.QUEUED,
            not_before=timezone.now(),
            code=0,
            reason="",
            failed_at=None,
            message_id="",
            attempts=0,
        )
        if moved:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE delivery_fanout SET n_failed = n_failed - %s WHERE id = %s", [moved, fanout.pk]
                )
            wake(fanout.sender_id)
    return moved


def stop_fanout(fanout: Fanout) -> int:
    """What still waits in the outbox is not sent; what left has left. Returns how many were cancelled.

    Safe to repeat: whoever fills a stopped fanout calls it again for the rows that came in meanwhile.
    """
    with transaction.atomic():
        Fanout.objects.filter(pk=fanout.pk, stopped_at__isnull=True).update(stopped_at=timezone.now())
        cancelled: int = Delivery.objects.filter(fanout=fanout, state=DeliveryState.QUEUED).update(
            state=DeliveryState.CANCELLED
        )
    return cancelled


def retry(delivery: Delivery) -> None:
    """One failed delivery again, because a person asked for it."""
    if delivery.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
        raise ValueError(_("Questo messaggio non è fra quelli non riusciti."))
    Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(
        state=DeliveryState.QUEUED,
        not_before=timezone.now(),
        code=0,
        reason="",
        failed_at=None,
        message_id="",
        attempts=0,
    )
    wake(delivery.sender_id)
