# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal's reader: rows in batches → events → listeners, in one transaction a batch.

1. Lock the oldest waiting rows (SKIP LOCKED: several readers share the work).
2. Parse each body; drop messages already seen.
3. Hand the events to the listeners, by organization and sender.
4. Mark the rows applied, and commit: everything stands, or nothing does and the rows wait on.

A batch that fails is read again row by row, so that one bad row cannot hold the others: that row alone is marked,
shown to the administrator, and can be replayed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from arengo.core import outside
from arengo.core.events import Batch, publish
from arengo.core.live import announce
from arengo.core.scope import organization_scope
from arengo.core.tally import WEBHOOKS, tally
from arengo.core.vault import VaultError, vault
from arengo.intake import silence
from arengo.intake.journal import PURPOSE, WAKE
from arengo.intake.models import Journal
from arengo.platforms.contract import (
    HandedOver,
    IdentityChanged,
    MessageReceived,
    PreferenceChanged,
    ReceiptReceived,
    SenderNotice,
    TemplateChanged,
    Unreadable,
)
from arengo.platforms.registry import platform

BATCH = 500  # rows a transaction
_MOST_BYTES = 1024 * 1024  # of webhooks a transaction: some 3,000 receipts

# Who a person is comes before what they wrote; what we sent comes after.
_ORDER: tuple[type[Any], ...] = (
    IdentityChanged,
    MessageReceived,
    HandedOver,
    PreferenceChanged,
    ReceiptReceived,
    TemplateChanged,
    SenderNotice,
)

log = logging.getLogger(__name__)


@dataclass
class _Row:
    id: int
    sender_id: int
    organization_id: int
    platform: str
    number_id: str
    sealed: bytes
    received_at: datetime
    events: list[Any] = field(default_factory=list)
    problem: str = ""


def read_batch(limit: int = BATCH) -> int:
    """Reads up to ``limit`` rows; 0 when none waits (or others are at them). Database trouble is raised: nothing is lost."""
    rows: list[_Row] = []
    try:
        with transaction.atomic():
            rows = _lock(limit)
            _apply(rows)
        _note(rows)
        tally.count(WEBHOOKS, 0, len(rows))
        return len(rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it concerns one row: the others go on
        log.warning(
            "A batch of webhooks could not be applied (%s); reading it row by row.", type(error).__name__
        )
        read = sum(_read_alone(row_id) for row_id in [row.id for row in rows])
        _note(rows)
        return read


def replay(journal_id: int) -> None:
    """A marked row waits again. What of it was applied stays applied: messages are seen, receipts only move forward."""
    with transaction.atomic(), connection.cursor() as cursor:
        Journal.objects.filter(pk=journal_id, state=Journal.State.MARKED).update(
            state=Journal.State.WAITING, problem=""
        )
        cursor.execute(f"NOTIFY {WAKE}")


def _read_alone(row_id: int) -> int:
    try:
        with transaction.atomic():
            rows = _lock_alone(row_id)
            _apply(rows)
        tally.count(WEBHOOKS, 0, len(rows))
        return len(rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  # the row is kept, marked and shown
        # Only the kind of error is kept: its text may quote what a citizen wrote.
        place = _place(error)
        log.error("Webhook %d could not be applied: %s at %s.", row_id, type(error).__name__, place)
        Journal.objects.filter(pk=row_id).update(
            state=Journal.State.MARKED, problem=f"{type(error).__name__} ({place})", applied_at=timezone.now()
        )
        return 1


def _place(error: Exception) -> str:
    """Where in our code it happened, e.g. ``arrivals.py:42``."""
    found, trace = "?", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/arengo/" in code.co_filename:
            found = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


# «+ 0» is how the index for waiting rows was made: the planner, who may think that most rows wait, has no other way to this
# order. A transaction takes as many rows as it can apply in a moment: one webhook may hold a thousand receipts.
_WAITING = """
WITH waiting AS (
  SELECT id, sender_id, body_sealed, received_at, octet_length(body_sealed) AS size FROM intake_journal
  WHERE state = 0 ORDER BY id + 0 LIMIT %s FOR UPDATE SKIP LOCKED
), sized AS (
  SELECT *, sum(size) OVER (ORDER BY id) - size AS before FROM waiting
)
SELECT j.id, j.sender_id, s.organization_id, s.platform, s.number_id, j.body_sealed, j.received_at
FROM sized j JOIN delivery_sender s ON s.id = j.sender_id
WHERE j.before < %s ORDER BY j.id
"""
_ALONE = """
SELECT j.id, j.sender_id, s.organization_id, s.platform, s.number_id, j.body_sealed, j.received_at
FROM intake_journal j JOIN delivery_sender s ON s.id = j.sender_id
WHERE j.state = 0 AND j.id = %s FOR UPDATE OF j SKIP LOCKED
"""


def _note(rows: list[_Row]) -> None:
    """After the commit and by itself, so that readers side by side never wait for each other's batch."""
    times: dict[int, list[datetime]] = {}
    for row in rows:
        times.setdefault(row.sender_id, []).append(row.received_at)
    silence.heard(times)


def _lock(limit: int) -> list[_Row]:
    with connection.cursor() as cursor:
        # A reader frozen here holds receipts' rows, for which whoever takes its numbers over would wait.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
        cursor.execute(_WAITING, [limit, _MOST_BYTES])
        return [_Row(*row) for row in cursor.fetchall()]


def _lock_alone(row_id: int) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [row_id])
        return [_Row(*row) for row in cursor.fetchall()]


def _apply(rows: list[_Row]) -> None:
    if not rows:
        return
    for row in rows:
        _parse(row)
    for (organization_id, sender_id, platform_name), events in sorted(
        _by_sender(rows).items(), key=lambda found: found[0]
    ):
        with organization_scope(organization_id):
            _hand_out(organization_id, sender_id, platform_name, events)
    for organization_id in {row.organization_id for row in rows if row.problem}:
        announce(organization_id, "senders")
    _mark(rows)


def _by_sender(rows: list[_Row]) -> dict[tuple[int, int, str], list[Any]]:
    """Events by organization, sender and platform.

    The numbers of one account share one address at Meta, so each event says which number it is about.
    """
    named = {
        (row.organization_id, number)
        for row in rows
        for event in row.events
        if (number := getattr(event, "number_id", "")) and row.number_id and number != row.number_id
    }
    others = _senders_by_number(named) if named else {}
    found: dict[tuple[int, int, str], list[Any]] = {}
    for row in rows:
        for event in row.events:
            sender_id: int | None = row.sender_id
            number = getattr(event, "number_id", "")
            if number != row.number_id and (row.organization_id, number) in named:
                sender_id = others.get((row.organization_id, number))
            if sender_id is None:
                row.problem = row.problem or "metadata.phone_number_id: not a number of this organization"
                continue
            found.setdefault((row.organization_id, sender_id, row.platform), []).append(event)
    return found


def _senders_by_number(named: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, number_id, min(id) FROM delivery_sender "
            "WHERE number_id = ANY(%s) AND organization_id = ANY(%s) GROUP BY organization_id, number_id",
            [[number for _organization, number in named], [organization for organization, _number in named]],
        )
        return {(int(row[0]), str(row[1])): int(row[2]) for row in cursor.fetchall()}


def _parse(row: _Row) -> None:
    try:
        body = vault().open(row.sealed, purpose=PURPOSE)
    except VaultError as error:
        row.problem = str(error)
        return
    row.events = [_settled(event, row.received_at) for event in platform(row.platform).parse(body)]
    row.problem = "; ".join(
        f"{event.where}: {event.reason}" for event in row.events if isinstance(event, Unreadable)
    )[:2000]


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


def _hand_out(organization_id: int, sender_id: int, name: str, events: list[Any]) -> None:
    for event_type in _ORDER:
        chosen: Iterable[Any] = [event for event in events if type(event) is event_type]
        if event_type is MessageReceived:
            chosen = _unseen(sender_id, chosen)
        publish(event_type, Batch(organization_id, sender_id, list(chosen), name))


def _unseen(sender_id: int, messages: Iterable[MessageReceived]) -> list[MessageReceived]:
    """The messages that were not applied before, each once. The unique constraint decides, also between readers."""
    by_hash = {vault().message_hash(message.message_id): message for message in messages}
    if not by_hash:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_seen (sender_id, message_hash) SELECT %s, hash FROM unnest(%s::bytea[]) AS hash ORDER BY hash "
            "ON CONFLICT DO NOTHING RETURNING message_hash",
            [sender_id, list(by_hash)],
        )
        new = {bytes(row[0]) for row in cursor.fetchall()}
    return [message for key, message in by_hash.items() if key in new]


def _mark(rows: list[_Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_journal j SET state = CASE WHEN r.problem = '' THEN 1 ELSE 2 END, problem = r.problem, "
            " applied_at = now(), attempts = attempts + 1 "
            "FROM unnest(%s::bigint[], %s::text[]) AS r (id, problem) WHERE j.id = r.id",
            [[row.id for row in rows], [row.problem for row in rows]],
        )
