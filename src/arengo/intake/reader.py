# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal's reader: rows in batches → events → listeners, in one transaction a batch.

1. Take the oldest waiting rows (``rows.py``; SKIP LOCKED: several readers share the work).
2. Parse each body; hand the events to the listeners (``handing_out.py``), without what was told before.
3. Mark the rows applied, and commit: everything stands, or nothing does and the rows wait on.

A batch that fails is tried again with half as many rows. At one row its events are applied by halves, each under a savepoint,
until the one that fails stands alone: that one is named in the row's mark, shown to the administrator, and can be replayed;
all others are applied. What the database only gave up (a dead-lock, a timeout, a lost session) is not taken for a bad row: it
waits for another turn behind those that follow, a little longer each time, and is marked after the last (``rows.WAITS``).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import DatabaseError, connection, transaction

from arengo.core.database_trouble import Trouble, trouble_of
from arengo.core.live import announce
from arengo.core.logs import named
from arengo.core.process_metrics import WEBHOOKS, process_metrics
from arengo.core.scope import organization_scope
from arengo.intake import lanes, rows as journal, silence, unkept
from arengo.intake.erased import ErasedMeanwhile
from arengo.intake.handing_out import hand_out
from arengo.intake.journal import WAKE
from arengo.intake.models import GIVEN_UP, Journal
from arengo.intake.ordering import ORDER, Arrived
from arengo.intake.rows import Row

BATCH = 500  # rows a transaction
_FIRST_MOST: Final = 2.0  # seconds of what waits for nobody until those behind have a turn
_ORDER = ORDER  # the events that the road in hands out
# Events of one row that fail before the rest of it is left for a replay. Meta: at most 1,000 updates a webhook.
_MOST_FAILURES: Final = 1000

log = logging.getLogger(__name__)


class _Size:
    """How many rows are taken at once: half as many after a failure, twice as many after each batch that went well."""

    def __init__(self) -> None:
        self._rows = BATCH

    def of(self, limit: int) -> int:
        return min(limit, self._rows)

    def failed(self, rows: int) -> int:
        self._rows = max(1, rows // 2)
        return self._rows

    def went_well(self) -> None:
        self._rows = min(BATCH, self._rows * 2)


_size = _Size()


def read_batch(limit: int = BATCH) -> int:
    """Reads up to ``limit`` rows; 0 when none waits (or others are at them). A database that is away is raised: nothing is lost."""
    read = _read_first(limit)
    waiting = lanes.lanes()
    if waiting:
        # First everything that waits for nobody, then a moment's worth of each lane, and again.
        until = time.monotonic() + _FIRST_MOST
        while time.monotonic() < until and (more := _read_first(BATCH)):
            read += more
        read += sum(_read_behind(lane) for lane in waiting)
    return read


def _read_first(limit: int) -> int:
    read = 0
    while read < limit:
        found, wanted = _read(_size.of(limit - read))
        read += found
        if found < wanted:
            break
    return read


def _read_behind(lane: str) -> int:
    """One slice of a lane, in one transaction. How many rows it was about."""
    taken: lanes.Slice | None = None
    began = time.monotonic()
    try:
        with transaction.atomic():
            taken = lanes.slices.take(lane)
            _hand_out(journal.addressed(taken.rows))
            _finish(taken.ending)
    except Exception as error:
        lanes.slices.failed(taken)
        if not taken or not taken.rows or trouble_of(error) is Trouble.AWAY:
            raise
        log.warning("A slice of %d events could not be applied (%s).", taken.events, named(error))
        return _read_alone(taken.rows[0], error) if taken.events <= 1 else 1
    lanes.slices.stands(lane, taken, time.monotonic() - began)
    return len(taken.rows)


def _read(size: int) -> tuple[int, int]:
    """One transaction; after a failure fewer rows, in another. How many rows it took, and how many it would have taken."""
    while True:
        rows: list[Row] = []
        try:
            with transaction.atomic():
                rows = journal.take(size)
                _apply(rows)
        except Exception as error:  # whatever it is, fewer rows are tried
            size = _size.failed(len(rows) or size)
            if not rows:
                raise
            log.warning(
                "A batch of %d webhooks could not be applied (%s); trying fewer.", len(rows), named(error)
            )
            if len(rows) == 1:
                return _read_alone(rows[0], error), 1
            if trouble_of(error) is Trouble.AWAY:
                raise
        else:
            _size.went_well()
            _note(rows)
            process_metrics.count(WEBHOOKS, 0, len(rows))
            return len(rows), size


def replay(journal_id: int) -> None:
    """A marked row waits again. What of it was applied stays applied: messages are seen, receipts only move forward."""
    with transaction.atomic(), connection.cursor() as cursor:
        Journal.objects.filter(pk=journal_id, state=Journal.State.MARKED).update(
            state=Journal.State.WAITING, problem="", attempts=0, not_before=None
        )
        cursor.execute(f"NOTIFY {WAKE}")


def _apply(rows: Sequence[Row]) -> None:
    if not rows:
        return
    for row in rows:
        journal.parse(row)
    found = lanes.sort_out(rows, journal.addressed(rows))
    _hand_out(found.now)
    lanes.put_behind(found.behind, rows)
    _finish(found.done)


def _hand_out(arrived: Mapping[int, Sequence[Arrived]]) -> None:
    for organization_id in sorted(arrived):
        with organization_scope(organization_id):
            hand_out(organization_id, arrived[organization_id])


def _finish(rows: Sequence[Row]) -> None:
    for organization_id in {row.organization_id for row in rows if row.problems}:
        announce(organization_id, "senders")
    journal.mark(rows)
    unkept.take_out(rows)


# --- one row that failed --------------------------------------------------------------------------------------------


def _read_alone(row: Row, failure: Exception) -> int:
    """Its events by halves. Returns how many rows were read: it is one also when it must wait for another turn."""
    try:
        if trouble_of(failure) is not Trouble.AWAY:
            with transaction.atomic():
                again = journal.take_one(row.id)
                if again is not None:
                    _apply_by_halves(again)
            _note([row])
            process_metrics.count(WEBHOOKS, 0, 1)
            return 1
    except Exception as error:  # noqa: BLE001  # the row is kept, and waits or is marked
        failure = error
    trouble = trouble_of(failure)
    if trouble is None:
        # Something that is none of its events: the platform's parser, or the marking itself.
        log.error("Webhook %d could not be applied: %s.", row.id, named(failure))
        row.problems = [f"{type(failure).__name__} ({_place(failure)})"]
        journal.mark([row])
        _note([row])
    else:
        _put_off(row, failure)
    if trouble is Trouble.AWAY:
        raise failure
    return 1


def _apply_by_halves(row: Row) -> None:
    journal.parse(row)
    [arrived] = journal.addressed([row]).values() or [[]]
    failures = 0
    parts: list[tuple[int, int]] = [(0, len(arrived))] if arrived else []
    with organization_scope(row.organization_id):
        while parts:
            first, end = parts.pop()
            failure = _try(row.organization_id, arrived[first:end])
            if failure is None:
                continue
            if end - first > 1:
                middle = (first + end) // 2
                parts += [(middle, end), (first, middle)]
                continue
            if trouble_of(failure) is not None and not row.last:
                raise failure
            row.problems.append(_what(failure, arrived[first], first, len(arrived)))
            failures += 1
            if failures == _MOST_FAILURES:
                row.problems.append(f"{len(arrived) - end} more were not tried")
                break
    _finish([row])


def _try(organization_id: int, arrived: Sequence[Arrived]) -> Exception | None:
    """Applies these, or nothing of them."""
    try:
        with transaction.atomic():
            hand_out(organization_id, arrived)
            connection.check_constraints()  # what is else only looked at in the commit would undo all the others
    except ErasedMeanwhile:
        return _try(organization_id, arrived)
    except Exception as error:  # whose error it is, is found out by fewer events
        if trouble_of(error) is Trouble.AWAY:
            raise
        return error
    return None


def _put_off(row: Row, failure: Exception) -> None:
    """On a connection of its own where the last one is of no use. Where none can be had, nothing is counted."""
    if trouble_of(failure) is Trouble.AWAY:
        connection.close()
    try:
        journal.put_off(row, _what_cancelled(failure))
    except DatabaseError as error:
        log.warning("Webhook %d waits for the database (%s).", row.id, named(error))


def _what(failure: Exception, one: Arrived, position: int, total: int) -> str:
    """Only the kind of error is kept: its text may quote what a citizen wrote."""
    what = (
        f"{type(failure).__name__} ({_place(failure)})"
        if trouble_of(failure) is None
        else _what_cancelled(failure)
    )
    log.error("An event could not be applied: %s.", what)
    return f"{what}: {type(one.event).__name__}, {position + 1} of {total}"


def _what_cancelled(failure: Exception) -> str:
    tries = len(journal.WAITS) + 1
    return f"{GIVEN_UP} {tries} times, last with {named(failure)}"


def _place(error: BaseException) -> str:
    """Where in our code it happened, e.g. ``arrivals.py:42``."""
    found, trace = "?", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/arengo/" in code.co_filename:
            found = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _note(rows: Sequence[Row]) -> None:
    """When each sender heard from its platform. After the commit and by itself, so that readers never wait for each other."""
    times: dict[int, list[datetime]] = {}
    for row in rows:
        times.setdefault(row.sender_id, []).append(row.received_at)
    if times:
        silence.heard(times)
