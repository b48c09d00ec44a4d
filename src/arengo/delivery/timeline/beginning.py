# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A timeline begins: the first of an installation, or one in which it finds itself older than it was.

What was in the outbox may have left before, in the time that is lost. It is withheld until a person decides:

1. ``begin`` writes the timeline, lets the ids jump and marks the mailings, in one transaction. From its commit on nobody
   claims anything (``claim.sql``), and what fills one of these mailings fills it withheld (``fill.sql``).
2. ``withhold`` takes the rows out of the outbox's lines, some thousand a transaction. Then what is new leaves again.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from arengo.core import alarms
from arengo.core.live import announce
from arengo.core.models import Heartbeat, Organization
from arengo.delivery.senders.activation import CHANGED
from arengo.delivery.sql import statement
from arengo.delivery.timeline import ids, step_back
from arengo.delivery.timeline.models import Cause, Timeline

ALARM = "restored"  # core.alarms; said by banner.py
_CHUNK = 5_000  # rows a transaction
_LOCK = 0x74696D65  # advisory: one at a time looks whether a timeline must begin
_LAST_ID = "SELECT last_value FROM {}"

log = logging.getLogger(__name__)


def present() -> Timeline | None:
    """None before the first worker of an installation started."""
    return Timeline.objects.order_by("-pk").first()


def alone() -> None:
    """In the caller's transaction: nobody else begins a timeline, or moves the present one, meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_LOCK])


def begin(cause: Cause, *, lost_from: datetime | None = None) -> Timeline:
    """In the caller's transaction, which holds the lock of :func:`alone`. ``lost_from``: as far as is known beside."""
    before = present()
    with connection.cursor() as cursor:
        # Not the time at which this transaction began: a note that another worker wrote since is from before this timeline.
        cursor.execute("SELECT pg_get_serial_sequence('delivery_delivery', 'id'), clock_timestamp()")
        sequence, now = cursor.fetchone()
        cursor.execute(_LAST_ID.format(sequence))
        last = int(cursor.fetchone()[0])
        is_first = cause is Cause.INSTALLED and ids.mark_of(last)
        first = (
            last + 1 if is_first else ids.first_of_timeline(max(last, before.last_delivery if before else 0))
        )
        cursor.execute("SELECT setval(%s, %s, false)", [sequence, first])
    timeline = Timeline(
        cause=cause,
        began_at=now,
        moved_at=now,
        lost_from=last_known(before, lost_from) if cause is not Cause.RECEIPT else None,
        before_delivery=last,
        first_delivery=first,
        last_delivery=first - 1,
        place=step_back.here().as_json(),
        withheld_at=now if cause is Cause.INSTALLED else None,
    )
    if before is not None:
        timeline.installation = before.installation
    timeline.save()
    if cause is not Cause.INSTALLED:
        with connection.cursor() as cursor:
            cursor.execute(statement("withhold_mailings"), {"now": now})
        for organization_id in Organization.objects.values_list("pk", flat=True):
            alarms.set_off(organization_id, ALARM)
            announce(organization_id, "senders")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANGED])
        log.error("The database is older than it was (%s): the outbox is withheld.", cause.value)
    return timeline


def last_known(before: Timeline | None, known_beside: datetime | None = None) -> datetime | None:
    """The last sign of life that stands in the database: it lost what came after."""
    beats = list(Heartbeat.objects.order_by("-at").values_list("at", flat=True)[:1])
    known = [each for each in (known_beside, before.moved_at if before else None, *beats) if each is not None]
    return max(known, default=None)


def withhold() -> int:
    """All of the outbox from before the present timeline, once. Returns how many rows. Safe to repeat and to break off."""
    total, after = 0, 0
    while True:
        with transaction.atomic():
            alone()
            timeline = present()
            if timeline is None or not Timeline.objects.filter(withheld_at__isnull=True).exists():
                return total
            values = {"after": after, "first": timeline.first_delivery, "limit": _CHUNK}
            with connection.cursor() as cursor:
                cursor.execute(statement("withhold"), values)
                count, last = cursor.fetchone()
                if not count:
                    # Of earlier ones too, whose withholding was broken off: their rows are older still.
                    cursor.execute(
                        "UPDATE delivery_timeline SET withheld_at = now() WHERE withheld_at IS NULL"
                    )
                    # Owners end and start anew: what they had claimed is not theirs any more.
                    cursor.execute("UPDATE delivery_sender SET epoch = epoch + 1")
                    cursor.execute("SELECT pg_notify(%s, '')", [CHANGED])
                    return total
            total, after = total + int(count), int(last)
