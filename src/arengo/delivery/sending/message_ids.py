# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What we sent, by the platform's message id: for quotes of it and reactions to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from arengo.delivery.sql import statement


class Sent(NamedTuple):
    """``fanout_id`` None: a single message."""

    delivery_id: int
    fanout_id: int | None


def sent_as(sender_id: int, hashes: Collection[bytes]) -> dict[bytes, Sent]:
    """By ``vault().message_hash``. What was erased, and mailings whose deliveries are forgotten, are not found."""
    if not hashes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement("whose"), {"hashes": list(hashes), "sender": sender_id})
        return {bytes(row[0]): Sent(row[1], row[2]) for row in cursor.fetchall()}
