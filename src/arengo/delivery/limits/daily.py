# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The owner's side of the portfolio's 24-hour limit: which of the claimed messages may leave today, and when the others.

A place is reserved when a message is claimed, under a lock on the account: two numbers of one account, in two workers,
never promise the same place. A message that is refused after all keeps its place; the count errs on the safe side. Where
no limit is known nothing of this runs.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import psycopg

from arengo.delivery.queue.claimed import Claimed, OwnedSender
from arengo.delivery.sql import statement
from arengo.platforms.contract import Credentials, Template
from arengo.platforms.registry import platform

DAY = timedelta(hours=24, minutes=2)  # the platform's moving day, and what its clock may differ from ours
_MARGIN = timedelta(minutes=5)  # before a conversation ends: its end may come before the message does
_CLAIM = 2000  # messages: more than one claim brings
_FASTEST = 2000  # people a second whom all the numbers of an account cannot exceed
_MOST_NOTIFIED = 2500  # messages that hear at once that they wait
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%(account)s, 1953064306 + %(organization)s))"


def account_of(credentials: Credentials) -> str:
    """What the numbers of one account have in common."""
    return (credentials.account_id or credentials.number_id)[:64]


def window_of(platform_name: str) -> timedelta:
    """For how long after their last message somebody is in a conversation, and needs no place."""
    lasts = platform(platform_name).can.window
    return lasts - _MARGIN if lasts else timedelta(0)


class Daily:
    """Of one owned sender whose account may reach ``tier`` people a day."""

    def __init__(self, sender: OwnedSender, tier: int) -> None:
        self._organization_id = sender.organization_id
        self._count_at = 0.0  # until then there is room enough, whatever the other numbers take
        self._values: dict[str, Any] = {
            "sender": sender.id,
            "organization": sender.organization_id,
            "account": account_of(sender.credentials),
            "epoch": sender.epoch,
            "tier": tier,
            "day": DAY,
            "window": window_of(sender.platform),
        }

    async def admit(self, cursor: psycopg.AsyncCursor[Any], claimed: list[Claimed]) -> list[Claimed]:
        """Those that may leave now; the others are back in the outbox with their time, and their place in line.

        Called in the transaction of the claim. Answers inside a conversation are neither a template nor of a mailing: they
        need no place.
        """
        counted = sorted(
            (each for each in claimed if isinstance(each.outgoing, Template) or not each.single),
            key=lambda each: (each.urgency, each.id),
        )
        if not counted:
            return claimed
        await cursor.execute(_LOCK, self._values)
        admitted = await self._places(cursor, [each.lane for each in counted])
        held = [each.id for each in counted if each.lane not in admitted]
        if not held:
            return claimed
        await cursor.execute(statement("tier_hold"), {**self._values, "ids": held, "most": _MOST_NOTIFIED})
        topics = [str(row[0]) for row in await cursor.fetchall()]
        if topics:
            await cursor.execute("SELECT arengo_announce(%s, %s)", [self._organization_id, topics])
        waiting = set(held)
        return [each for each in claimed if each.id not in waiting]

    async def _places(self, cursor: psycopg.AsyncCursor[Any], lanes: list[bytes]) -> set[bytes]:
        now = time.monotonic()
        count = now >= self._count_at
        await cursor.execute(statement("tier_admit"), {**self._values, "hashes": lanes, "count": count})
        rows = await cursor.fetchall()
        if count:
            left = rows[0][1] - len(lanes) if rows else 0
            self._count_at = now + max(0, left - _CLAIM) / _FASTEST
        return {bytes(row[0]) for row in rows}
