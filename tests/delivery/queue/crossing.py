# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailing and what may be decided of it: stopped, taken back by a restore, sent again, settled, reported."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from arengo.core.events import Batch
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Fanout,
    Outbox,
    Sender,
    Urgency,
)
from arengo.delivery.queue import outbox
from arengo.delivery.receipts import applying
from arengo.delivery.sending import doubts
from arengo.delivery.sql import statement
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus
from tests.factories.delivery import settle as settle_of

FAILED = {"state": DeliveryState.FAILED, "code": 131026, "reason": "No"}


def of(*deliveries: Delivery) -> Any:
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries])


def everybody(fanout: Fanout) -> list[bytes]:
    return [bytes(each) for each in fanout.deliveries.values_list("address_hash", flat=True)]


def again(fanout: Fanout) -> int:
    """Somebody presses both buttons: the failed ones, and all of which nobody knows."""
    return outbox.retry_failed(fanout, among=everybody(fanout)) + outbox.retry_unknown(
        fanout, mark=doubts.mark_of(timezone.now()), only_not_sent=False, among=everybody(fanout)
    )


def claim(sender: Sender) -> list[int]:
    """What the owner of the sender gets from the outbox now, the remains of earlier owners settled."""
    sender.refresh_from_db()
    urgencies = list(Urgency.values)
    values = {"sender": sender.pk, "epoch": sender.epoch, "limit": 100, "urgencies": urgencies}
    with connection.cursor() as cursor:
        cursor.execute(statement("promote"), {"sender": sender.pk})
        cursor.execute(statement("claim"), {**values, "after": [0] * len(urgencies)})
        return sorted(row[0] for row in cursor.fetchall())


def settle(sender: Sender) -> None:
    """Earlier owners are over, and so is patience with what they left."""
    settle_of(sender.pk, epoch=1_000)


def report(*deliveries: Delivery, status: ReceiptStatus = ReceiptStatus.SENT) -> None:
    for each in deliveries:
        told = ReceiptReceived(f"wamid.{each.pk}", status, timezone.now(), opaque=str(each.pk))
        applying.apply(Batch(each.organization_id, each.sender_id, [told], "whatsapp"))


def states(fanout: Fanout) -> list[int]:
    return list(fanout.deliveries.order_by("pk").values_list("state", flat=True))


def counters_are_right(fanout: Fanout) -> None:
    fanout.refresh_from_db()
    found = states(fanout)
    waiting = Outbox.objects.filter(fanout=fanout).count()
    counted = {
        "total": len(found),
        "n_waiting": waiting,
        "n_failed": found.count(DeliveryState.FAILED),
        "n_unknown": found.count(DeliveryState.UNKNOWN),
        "n_cancelled": found.count(DeliveryState.CANCELLED),
    }
    assert {name: getattr(fanout, name) for name in counted} == counted
