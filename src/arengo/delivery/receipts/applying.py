# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts: what the platform reports of our messages, in whatever order and however often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from arengo.core.events import Batch, publish
from arengo.core.live import announce
from arengo.core.process_metrics import RECEIPTS, STRANGERS, process_metrics
from arengo.core.vault import vault
from arengo.delivery.events import OptedOut
from arengo.delivery.models import MESSAGE_ID, SecondTry
from arengo.delivery.receipts.fitting import About, fit
from arengo.delivery.senders import notices
from arengo.delivery.sending import opaque
from arengo.delivery.sending.follow_ups import try_again_next_day
from arengo.delivery.sending.moves import Move, overtaken, parameters
from arengo.delivery.sql import statement
from arengo.delivery.timeline import receipts as timeline
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus, Remedy

_ECHO = timedelta(hours=12)  # after a second try was granted: what is reported of before then is old news


def apply(batch: Batch[ReceiptReceived]) -> None:
    """Moves the deliveries that the receipts are about (``fitting.py``); of messages that are not ours nothing follows.

    Called by intake's reader inside its transaction.
    """
    came = batch.events
    named = {opaque.read(receipt.opaque) for receipt in came}
    timeline.check_receipts(
        batch.sender_id, [delivery_id for delivery_id in named if delivery_id is not None]
    )
    found = fit(batch.sender_id, batch.platform, came)
    ours = {id(each.receipt) for each in found}
    batch = replace(batch, events=[receipt for receipt in came if id(receipt) in ours])
    found, tomorrow = _second_tries([each for each in found if not each.old_news])
    moves = _merge(found)
    if moves:
        with connection.cursor() as cursor:
            values = parameters(batch.sender_id, moves)
            cursor.execute(statement("move"), values)
            rows = cursor.fetchall()
            if overtaken(rows):
                cursor.execute(statement("move"), values)
                rows += cursor.fetchall()
        topics: dict[int, list[str]] = defaultdict(list)
        for organization_id, topic, *_more in rows:
            if topic:
                topics[organization_id].append(topic)
        for organization_id, names in topics.items():
            announce(organization_id, *names)
        _seal_ids(batch, {row[2]: bytes(row[3]) for row in rows if row[2] is not None})
    if tomorrow:
        try_again_next_day(batch.sender_id, tomorrow)
    silenced = _opt_outs(batch.platform, batch.events)
    publish(OptedOut, Batch(batch.organization_id, batch.sender_id, silenced, batch.platform))
    notices.refused_late(batch)
    if came:
        transaction.on_commit(lambda: _tell(batch, strangers=len(came) - len(batch.events)))


def _second_tries(found: Sequence[About]) -> tuple[list[About], list[int]]:
    """What the platform would not bring to a person today, to be tried once more; and what is found without echoes of that:

    the same refusal reported again must not end the second try while it waits.
    """
    refused = {
        each.delivery_id: each.receipt
        for each in found
        if each.receipt.status is ReceiptStatus.FAILED and each.receipt.remedy is Remedy.NEXT_DAY
    }
    if not refused:
        return list(found), []
    tried = dict(SecondTry.objects.filter(delivery_id__in=refused).values_list("delivery_id", "at"))
    echoes = {
        delivery_id
        for delivery_id, receipt in refused.items()
        if delivery_id in tried and receipt.at < tried[delivery_id] + _ECHO
    }
    kept = [
        each
        for each in found
        if each.receipt.status is not ReceiptStatus.FAILED or each.delivery_id not in echoes
    ]
    return kept, [each for each in refused if each not in tried]


def _tell(batch: Batch[ReceiptReceived], *, strangers: int) -> None:
    """How many were applied, and how long after the platform's own time; how many are of no message of ours."""
    now = timezone.now()
    process_metrics.count(RECEIPTS, batch.sender_id, len(batch.events))
    process_metrics.delay(
        RECEIPTS, batch.sender_id, [(now - receipt.at).total_seconds() for receipt in batch.events]
    )
    process_metrics.count(STRANGERS, batch.sender_id, strangers)


def _merge(found: Iterable[About]) -> list[Move]:
    moves: dict[int, Move] = {}
    for each in found:
        receipt = each.receipt if each.names else msgspec.structs.replace(each.receipt, message_id="")
        moves.setdefault(each.delivery_id, Move(each.delivery_id)).learn(receipt)
    return list(moves.values())


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


def _opt_outs(platform: str, receipts: Iterable[ReceiptReceived]) -> list[OptedOut]:
    return [
        OptedOut(platform, receipt.address, receipt.at)
        for receipt in receipts
        if receipt.status is ReceiptStatus.FAILED
        and receipt.remedy is Remedy.OPTED_OUT
        and receipt.address is not None
    ]
