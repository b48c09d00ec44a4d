# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes in counts too: against the pace of the number, and as the beginning of a conversation.

The reader that applies a webhook may live in another process than the owner of the number. It leaves one small row a batch,
which the owner takes away with its next claim (claims.py); no message costs a write of its own, and receipts do not count.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from django.db import connection
from django.utils import timezone

from arengo.core import bulk
from arengo.core.events import Batch
from arengo.core.vault import vault
from arengo.delivery.models import LastArrival
from arengo.delivery.sql import statement
from arengo.platforms.contract import MessageReceived


class Arrival(Protocol):
    """intake.SenderHeard, which stands on our floor."""

    @property
    def at(self) -> datetime: ...


OfIntake = TypeVar("OfIntake", bound=Arrival)


def arrived(batch: Batch[OfIntake]) -> None:
    """When something last came for a sender: one statement. Called by intake after it applied what came."""
    row = LastArrival(sender_id=batch.sender_id, at=max(each.at for each in batch.events))
    LastArrival.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["sender"], update_fields=["at"]
    )


def heard(batch: Batch[MessageReceived]) -> None:
    """Called by intake's reader inside its transaction."""
    now = timezone.now()
    latest: dict[bytes, datetime] = {}
    for message in batch.events:
        if not message.nature.opens_window:  # no conversation begins with what is not their word
            continue
        # A delivery names an address by its phone or by its user id, whichever we had: either is answered.
        for form in message.address.forms:
            key = vault().lookup_on(*form.key(batch.platform))
            latest[key] = max(latest.get(key, message.sent_at), min(message.sent_at, now))
    with connection.cursor() as cursor:
        cursor.execute(
            statement("heard"),
            {
                "organization": batch.organization_id,
                "sender": batch.sender_id,
                "messages": len(batch.events),
                "hashes": bulk.array("bytea", latest),
                "times": bulk.array("timestamp with time zone", latest.values()),
            },
        )
