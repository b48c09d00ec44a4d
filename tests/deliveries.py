# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deliveries put where a test wants them, by the same statement that the dispatcher and receipts use."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from arengo.core.vault import vault
from arengo.delivery import doubts
from arengo.delivery.models import MESSAGE_ID, Delivery, DeliveryState, Outbox, OutboxState
from arengo.delivery.moves import Move, parameters
from arengo.delivery.statements import statement


def decide(deliveries: QuerySet[Delivery], state: int, code: int = 0, reason: str = "") -> None:
    """They reach this state now: accepted, delivered, read, failed, unknown …"""
    now = timezone.now()
    for sender_id in set(deliveries.values_list("sender_id", flat=True)):
        moves = [
            Move(
                pk,
                state=0 if state == DeliveryState.FAILED else int(state),
                accepted_at=now if DeliveryState.ACCEPTED <= state <= DeliveryState.READ else None,
                delivered_at=now if DeliveryState.DELIVERED <= state <= DeliveryState.READ else None,
                read_at=now if state == DeliveryState.READ else None,
                failed_at=now if state == DeliveryState.FAILED else None,
                code=code,
                reason=reason,
            )
            for pk in deliveries.filter(sender_id=sender_id).values_list("pk", flat=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement("move"), parameters(sender_id, moves))


def accepted_as(deliveries: QuerySet[Delivery], message_id: str) -> None:
    """The platform gave them this id."""
    deliveries.update(
        message_hash=vault().message_hash(message_id),
        message_sealed=vault().seal_text(message_id, purpose=MESSAGE_ID),
    )


def claim(deliveries: QuerySet[Delivery], epoch: int) -> None:
    """As the owner of this epoch left them: claimed, and nothing said about them yet."""
    Outbox.objects.filter(delivery__in=deliveries).update(
        state=OutboxState.CLAIMED, claim_epoch=epoch, claimed_at=timezone.now()
    )


def lose(deliveries: QuerySet[Delivery]) -> None:
    """Claimed just now by a worker that was killed, and patience with them is over: unknown, or an alert's repeat."""
    claim(deliveries, epoch=1)
    with connection.cursor() as cursor:
        for sender_id in set(deliveries.values_list("sender_id", flat=True)):
            cursor.execute(statement("take_over"), {"sender": sender_id, "epoch": 2})
            cursor.execute(statement("settle"), {**doubts.settling(sender_id), "patience": -1.0})
