# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts: what the platform reports of our messages, in whatever order and however often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from arengo.core import outside
from arengo.core.events import Batch, publish
from arengo.core.live import announce
from arengo.core.tally import RECEIPTS, tally
from arengo.core.vault import vault
from arengo.delivery import senders
from arengo.delivery.aftermath import try_again_next_day
from arengo.delivery.events import OptedOut
from arengo.delivery.models import MESSAGE_ID, SecondTry
from arengo.delivery.moves import Move, as_bytea, parameters
from arengo.delivery.statements import statement
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus, Remedy

_ECHO = timedelta(hours=12)  # after a second try was granted: what is reported of before then is old news


def apply(batch: Batch[ReceiptReceived]) -> None:
    """Moves the deliveries that the receipts are about; receipts of messages that are not ours change nothing.

    Called by intake's reader inside its transaction.
    """
    batch, tomorrow = _second_tries(batch)
    moves = _merge(batch)
    if moves:
        with connection.cursor() as cursor:
            cursor.execute(statement("move"), parameters(batch.sender_id, moves))
            rows = cursor.fetchall()
        topics: dict[int, list[str]] = defaultdict(list)
        for organization_id, topic, _unsealed, _hash in rows:
            if topic:
                topics[organization_id].append(topic)
        for organization_id, names in topics.items():
            announce(organization_id, *names)
        _seal_ids(batch, {row[2]: bytes(row[3]) for row in rows if row[2] is not None})
    if tomorrow:
        try_again_next_day(batch.sender_id, tomorrow)
    publish(OptedOut, Batch(batch.organization_id, batch.sender_id, _opt_outs(batch.events)))
    senders.refused_late(batch)
    if batch.events:
        transaction.on_commit(lambda: _tell(batch))


def _second_tries(batch: Batch[ReceiptReceived]) -> tuple[Batch[ReceiptReceived], list[int]]:
    """What the platform would not bring to a person today, to be tried once more; and the batch without echoes of that:

    the same refusal reported again must not end the second try while it waits.
    """
    refused = {
        delivery_id: receipt
        for receipt in batch.events
        if receipt.status is ReceiptStatus.FAILED
        and receipt.remedy is Remedy.NEXT_DAY
        and (delivery_id := _delivery_id(receipt.opaque)) is not None
    }
    if not refused:
        return batch, []
    tried = dict(SecondTry.objects.filter(delivery_id__in=refused).values_list("delivery_id", "at"))
    echoes = {
        receipt.opaque
        for delivery_id, receipt in refused.items()
        if delivery_id in tried and receipt.at < tried[delivery_id] + _ECHO
    }
    kept = [
        receipt
        for receipt in batch.events
        if receipt.status is not ReceiptStatus.FAILED or receipt.opaque not in echoes
    ]
    return replace(batch, events=kept), [each for each in refused if each not in tried]


def _tell(batch: Batch[ReceiptReceived]) -> None:
    """How many came, and how long after the platform's own time they are applied."""
    now = timezone.now()
    tally.count(RECEIPTS, batch.sender_id, len(batch.events))
    tally.delay(RECEIPTS, batch.sender_id, [(now - receipt.at).total_seconds() for receipt in batch.events])


def _merge(batch: Batch[ReceiptReceived]) -> list[Move]:
    moves: dict[int, Move] = {}
    by_message: dict[bytes, list[ReceiptReceived]] = defaultdict(list)
    for receipt in batch.events:
        delivery_id = _delivery_id(receipt.opaque)
        if delivery_id is not None:
            moves.setdefault(delivery_id, Move(delivery_id)).learn(receipt)
        elif receipt.message_id:
            by_message[vault().message_hash(receipt.message_id)].append(receipt)
    for delivery_id, message_hash in _by_message_hash(batch.sender_id, by_message):
        move = moves.setdefault(delivery_id, Move(delivery_id, message_hash=as_bytea(message_hash)))
        for receipt in by_message[message_hash]:
            move.learn(receipt)
    return list(moves.values())


def _delivery_id(opaque: str) -> int | None:
    """Our own id if it looks like one. Another sender's id does no harm: ``move.sql`` asks for the sender too."""
    return outside.whole(opaque)


def _by_message_hash(sender_id: int, hashes: Collection[bytes]) -> list[tuple[int, bytes]]:
    if not hashes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement("by_message"), {"hashes": list(hashes), "sender": sender_id})
        return [(int(row[0]), bytes(row[1])) for row in cursor.fetchall()]


def _seal_ids(batch: Batch[ReceiptReceived], unsealed: dict[int, bytes]) -> None:
    """Single messages whose send got no answer: their ids come with receipts, and are needed to quote them.

    ``unsealed``: delivery id → hash of the message id.
    """
    if not unsealed:
        return
    ids = {vault().message_hash(receipt.message_id): receipt.message_id for receipt in batch.events}
    known = {pk: ids[message_hash] for pk, message_hash in unsealed.items() if message_hash in ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery d SET message_sealed = n.sealed "
            "FROM unnest(%s::bigint[], %s::bytea[]) AS n (id, sealed) WHERE d.id = n.id",
            [list(known), [vault().seal_text(each, purpose=MESSAGE_ID) for each in known.values()]],
        )


def _opt_outs(receipts: Iterable[ReceiptReceived]) -> list[OptedOut]:
    return [
        OptedOut(receipt.address, receipt.at)
        for receipt in receipts
        if receipt.status is ReceiptStatus.FAILED
        and receipt.remedy is Remedy.OPTED_OUT
        and receipt.address is not None
    ]
