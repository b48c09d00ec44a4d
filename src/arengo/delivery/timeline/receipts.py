# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts that tell of a future which this database has lost: the only sign after a snapshot of the whole machine.

Two are certain: a receipt for an id with our mark beyond all that were given out, and one for a message that still stands
in the outbox and was never claimed. Receipts of another installation behind the same number carry another mark; those of
a copy of this one tell that the copy is further, once: the timeline that then begins counts above it.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from arengo.core import bulk
from arengo.delivery.sql import statement
from arengo.delivery.timeline import beginning
from arengo.delivery.timeline.models import Cause, Timeline


def check_receipts(sender_id: int, delivery_ids: Collection[int]) -> None:
    """Begins a timeline where they say so. In the reader's transaction, before the receipts are applied."""
    if not delivery_ids:
        return
    found = _found(sender_id, delivery_ids)
    if found is None:
        return
    timeline_id, unsent, never_given, lost, seen = found
    if unsent or never_given:
        beginning.alone()
        present = beginning.present()
        if present is not None and present.pk == timeline_id:  # nobody was faster
            beginning.begin(Cause.RECEIPT)
    elif lost is not None and lost > seen:
        Timeline.objects.filter(pk=timeline_id, seen_delivery__lt=lost).update(seen_delivery=lost)


def _found(sender_id: int, delivery_ids: Collection[int]) -> tuple[int, bool, bool, int | None, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            statement("receipts_beyond"), {"sender": sender_id, "ids": bulk.array("bigint", delivery_ids)}
        )
        row = cursor.fetchone()
    return row if row is None else (row[0], bool(row[1]), bool(row[2]), row[3], row[4])
