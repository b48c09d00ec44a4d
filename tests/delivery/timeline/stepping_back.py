# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A database and a data folder, of which one goes back: fixtures, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import (
    Sender,
    Timeline,
    Urgency,
)
from arengo.delivery.receipts import applying
from arengo.delivery.sql import statement
from arengo.delivery.timeline import keeping
from arengo.delivery.timeline.folder_note import FolderNote
from arengo.delivery.timeline.models import Cause
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus

PEOPLE = ANNA, BRUNO = Address(phone="+393330000001"), Address(phone="+393330000002")


@pytest.fixture
def folder_note(tmp_path: Path) -> FolderNote:
    return FolderNote(tmp_path)


@pytest.fixture
def installed(scope: Organization, folder_note: FolderNote) -> Timeline:
    """A worker has looked three times; nothing is wrong."""
    for _tick in range(3):
        timeline = keeping.keep(folder_note)
    assert timeline.cause == Cause.INSTALLED
    return timeline


def claim(sender: Sender) -> list[int]:
    """What the owner of the sender gets from the outbox now."""
    sender.refresh_from_db()
    urgencies = list(Urgency.values)
    values = {"sender": sender.pk, "epoch": sender.epoch, "limit": 100, "urgencies": urgencies}
    with connection.cursor() as cursor:
        cursor.execute(statement("claim"), {**values, "after": [0] * len(urgencies)})
        return sorted(row[0] for row in cursor.fetchall())


def receipt(delivery_id: int, status: str = "delivered") -> ReceiptReceived:
    return ReceiptReceived(
        f"wamid.{delivery_id}", ReceiptStatus(status), timezone.now(), opaque=str(delivery_id)
    )


def report(sender: Sender, *told: ReceiptReceived) -> None:
    applying.apply(Batch(sender.organization_id, sender.pk, list(told), "whatsapp"))


def causes() -> list[str]:
    return list(Timeline.objects.order_by("pk").values_list("cause", flat=True))


def place(**parts: Any) -> None:
    """Where the database lay when it was saved."""
    timeline = Timeline.objects.latest("pk")
    timeline.place = {**timeline.place, **parts}
    timeline.save()
