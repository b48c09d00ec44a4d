# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of the journal that a reader has in hand: taken in the order of arrival, parsed, marked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import connection

from arengo.core import bulk, outside
from arengo.core.vault import VaultError, vault
from arengo.intake.journal import PURPOSE
from arengo.intake.ordering import Arrived
from arengo.intake.sql import statement
from arengo.platforms.contract import (
    HandedOver,
    IdentityChanged,
    MessageReceived,
    PreferenceChanged,
    ReceiptReceived,
    Unreadable,
)
from arengo.platforms.registry import platform

_MOST_BYTES = 1024 * 1024  # of webhooks a transaction: some 3,000 receipts
_LONGEST_PROBLEM = 2000  # characters
# How long a row waits, in seconds, after each time that the database gave its transaction up. The ceiling is their number:
# after the last, what still cannot be applied is marked.
WAITS: Final = (0, 1, 5, 25, 125)


@dataclass
class Row:
    id: int
    sender_id: int
    organization_id: int
    platform: str
    number_id: str
    sealed: bytes
    received_at: datetime
    attempts: int = 0
    events: list[Any] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def last(self) -> bool:
        """Whether it was put off as often as a row may be."""
        return self.attempts >= len(WAITS)

    @property
    def problem(self) -> str:
        return "; ".join(self.problems)[:_LONGEST_PROBLEM]


def take(most: int) -> list[Row]:
    """The oldest that wait, locked until the transaction ends; others share the work."""
    with connection.cursor() as cursor:
        # A reader frozen here holds receipts' rows, for which the next owner of its numbers would wait.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
        cursor.execute(statement("take"), {"most": most, "bytes": _MOST_BYTES})
        return [Row(*row) for row in cursor.fetchall()]


def take_one(row_id: int) -> Row | None:
    """None when it is applied already, or another reader has it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
        cursor.execute(statement("take_one"), {"id": row_id})
        found = cursor.fetchone()
        return Row(*found) if found else None


def mark(rows: Sequence[Row]) -> None:
    """Applied; what has a problem is shown to the administrator, and can be replayed."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement("mark"),
            {
                "ids": bulk.array("bigint", [row.id for row in rows]),
                "problems": bulk.array("text", [row.problem for row in rows]),
            },
        )


def put_off(row: Row, problem: str) -> None:
    """Waits for its next turn without holding up those behind it; marked when it had its last one."""
    wait = 0 if row.last else WAITS[row.attempts]
    with connection.cursor() as cursor:
        cursor.execute(
            statement("put_off"),
            {"id": row.id, "wait": wait, "last": row.last, "problem": problem[:_LONGEST_PROBLEM]},
        )


class Parsed:
    """Rows that were read to be sorted, until their slice takes them: the newest, up to so many bytes of sealed bodies.

    The sealed body itself names what was read of it: one that was sealed anew (scrubbed, under another key) is read again.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._rows: OrderedDict[bytes, list[Any]] = OrderedDict()  # events by sealed body

    def keep(self, row: Row) -> None:
        self.take(row)
        self._rows[bytes(row.sealed)] = row.events
        self._bytes += len(row.sealed)
        while self._bytes > self._most:
            sealed, _events = self._rows.popitem(last=False)
            self._bytes -= len(sealed)

    def take(self, row: Row) -> bool:
        """Whether the row was kept: it has its events, and is kept no longer."""
        events = self._rows.pop(bytes(row.sealed), None)
        if events is None:
            return False
        self._bytes -= len(row.sealed)
        row.events, row.problems = events, _unreadable(events)
        return True


parsed = Parsed(most_bytes=8 * 1024 * 1024)  # some 10,000 joins


def parse(row: Row) -> None:
    if parsed.take(row):
        return
    try:
        body = vault().open(row.sealed, purpose=PURPOSE)
    except VaultError as error:
        row.problems = [str(error)]
        return
    row.events = [_settled(event, row.received_at) for event in platform(row.platform).parse(body)]
    row.problems = _unreadable(row.events)


def _unreadable(events: Sequence[Any]) -> list[str]:
    return [f"{event.where}: {event.reason}" for event in events if isinstance(event, Unreadable)]


def _settled(event: Any, received_at: datetime) -> Any:
    """With a time that can be true: of 2009 to a day after it came, else the time of receipt; a message says so."""
    if isinstance(event, MessageReceived):
        at = outside.received(event.sent_at, received_at)
        if at is not event.sent_at:
            return msgspec.structs.replace(event, sent_at=at, time_of_receipt=True)
    elif isinstance(event, ReceiptReceived | PreferenceChanged | IdentityChanged | HandedOver):
        at = outside.received(event.at, received_at)
        if at is not event.at:
            return msgspec.structs.replace(event, at=at)
    return event


def addressed(rows: Sequence[Row]) -> dict[int, list[Arrived]]:
    """The events by organization, in the order of arrival, each with the number that it is about.

    The numbers of one account share one address at Meta, so each event says which number it means.
    """
    named = {
        (row.organization_id, row.platform, number)
        for row in rows
        for event in row.events
        if (number := getattr(event, "number_id", "")) and row.number_id and number != row.number_id
    }
    others = _senders_by_number(named) if named else {}
    found: dict[int, list[Arrived]] = {}
    for row in rows:
        for event in row.events:
            sender_id: int | None = row.sender_id
            number = getattr(event, "number_id", "")
            if number != row.number_id and (row.organization_id, row.platform, number) in named:
                sender_id = others.get((row.organization_id, row.platform, number))
            if sender_id is None:
                if not row.problems:
                    row.problems = ["metadata.phone_number_id: not a number of this organization"]
            elif not isinstance(event, Unreadable):
                found.setdefault(row.organization_id, []).append(
                    Arrived(sender_id, row.platform, event, row.id)
                )
    return found


def _senders_by_number(named: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, platform, number_id, min(id) FROM delivery_sender "
            "WHERE number_id = ANY(%s) AND organization_id = ANY(%s) GROUP BY organization_id, platform, number_id",
            [
                [number for _organization, _platform, number in named],
                [organization for organization, _platform, _number in named],
            ],
        )
        return {(int(row[0]), str(row[1]), str(row[2])): int(row[3]) for row in cursor.fetchall()}
