# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What mentions an erased person leaves the journal too: raw webhooks hold the number, and what was written.

1. ``address_erased`` writes down, sealed, whom to look for, up to the newest row, and defers the job.
2. The job waits until what had arrived is read, then goes through the rows from the oldest on, each with a few hundred
   others in one short transaction (``core/batches.py``), and writes them again without the items that mention the person.
   Of a row that is marked and of which nothing is left, that is what the administrator reads.
3. At its end what was looked for is deleted. Cut off at any moment, the next run goes on there.

Receipts for what was sent before come for weeks after: ``forget_receipts`` takes them out each night. A delivery whose
address is empty is the mark (``delivery/queue/cancellation.py``).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

import psycopg
from django.db import connection, transaction
from procrastinate.contrib.django import app

from arengo.core import batches, erasures
from arengo.core.database import connect
from arengo.core.events import Batch
from arengo.core.vault import VaultError, vault
from arengo.intake import erased
from arengo.intake.erased import Term
from arengo.intake.journal import PURPOSE
from arengo.intake.mentions import Mentions, without
from arengo.intake.models import Journal, Scrub
from arengo.intake.sql import statement
from arengo.platforms.contract import Address, ReceiptReceived
from arengo.platforms.registry import platform

JOB = "intake.scrub_journal"  # its name, and the lock of all that rewrite the journal
BITE = 400  # rows: some hundredths of a second
TABLES = (Journal._meta.db_table, Scrub._meta.db_table)  # noqa: SLF001  # Django documents _meta
_READ_WITHIN = 60  # seconds until what had arrived must have been read; else the next run
_RECEIPTS_COME = timedelta(days=40)  # Meta: tries for up to 30 days
_LATELY = timedelta(days=3)  # each night looks at the last ones: one that was missed is made up for

_MOST_ID = 2**63 - 1

_ORDERS = (
    "SELECT id, erasure_id, organization_id, up_to, position, terms_sealed FROM intake_scrub ORDER BY id"
)
_LATELY_ERASED = (
    "SELECT array_agg(DISTINCT organization_id) FROM core_erasure WHERE at > now() - %s::interval"
)
_LATELY_RECEIVED = (
    # Along the index of the times to the first of them; all later ones have later ids, but for some that came with it.
    "SELECT (SELECT id FROM intake_journal WHERE received_at > now() - %s::interval ORDER BY received_at LIMIT 1), "
    "(SELECT max(id) FROM intake_journal)"
)
_FORGOTTEN = "SELECT id FROM delivery_delivery WHERE id = ANY(%s::bigint[]) AND address_sealed = ''"
_EMPTIED = "Emptied: the person it was about was erased."

_Database = psycopg.AsyncConnection[tuple[Any, ...]]


class Erased(Protocol):
    """The audience's ``AddressErased``; that room stands on our floor, so its event is read by its shape."""

    @property
    def platform(self) -> str: ...
    @property
    def address(self) -> Address: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def erasure_id(self) -> int: ...


OfAudience = TypeVar("OfAudience", bound=Erased)


def address_erased(batch: Batch[OfAudience]) -> None:
    """Heard in the eraser's transaction."""
    terms: dict[tuple[str, str], datetime | None] = {}
    for event in sorted(
        batch.events, key=lambda event: event.until is None
    ):  # what they have now stands last
        if event.address.phone:
            terms[event.platform, event.address.phone] = event.until
        if event.address.user_id:  # never anybody else's
            terms[event.platform, event.address.user_id] = None
    _order(
        [Term(name, until, platform) for (platform, name), until in sorted(terms.items())],
        organization_id=batch.organization_id,
        erasure_id=batch.events[0].erasure_id,
    )


def forget_message(message_id: str, *, platform: str, organization_id: int, erasure_id: int) -> None:
    """One message is erased: what names it in the journal goes, its edits and what quotes it too. In the eraser's transaction."""
    _order([Term(message_id, None, platform)], organization_id=organization_id, erasure_id=erasure_id)


def _order(terms: list[Term], *, organization_id: int, erasure_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM intake_journal")
        [up_to] = cursor.fetchone()
    Scrub.objects.create(
        organization_id=organization_id,
        erasure_id=erasure_id,
        terms_sealed=erased.seal_terms(terms),
        up_to=up_to,
    )
    erasures.begin_work(erasure_id)
    app.configure_task(JOB, lock=JOB).defer(timestamp=0)


@dataclass(frozen=True)
class _Order:
    """One person to look for in the rows of one organization; ``terms`` are what names them."""

    pk: int
    erasure_id: int
    organization_id: int
    up_to: int
    position: int
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class _Row:
    id: int
    organization_id: int
    platform: str
    body: bytes  # opened


_Change = Callable[[list[_Row]], Awaitable[dict[int, bytes]]]  # what to write again, by id


async def scrub() -> int:
    """For everybody that is written down. Returns how many rows of the journal were written again."""
    async with await connect(autocommit=True, name="arengo scrubbing") as database:
        orders = await _orders(database)
        if not orders or not await _all_read(database, max(order.up_to for order in orders)):
            return 0
        walk = _Walk(
            database,
            after=min(order.position for order in orders),
            to=max(order.up_to for order in orders),
            organizations=sorted({order.organization_id for order in orders}),
            change=partial(_without_people, orders),
            orders=[order.pk for order in orders],
        )
        await batches.delete_in_batches(walk, partial(_busy, database))
        await asyncio.to_thread(_finish, orders)
        return walk.written


async def forget_receipts() -> int:
    """Receipts that came lately for what was sent to somebody who is erased. Returns how many rows were written again."""
    async with await connect(autocommit=True, name="arengo scrubbing") as database:
        row = await (await database.execute(_LATELY_ERASED, [_RECEIPTS_COME])).fetchone()
        organizations = row[0] if row else None
        row = await (await database.execute(_LATELY_RECEIVED, [_LATELY])).fetchone()
        if not organizations or row is None or row[0] is None:
            return 0
        walk = _Walk(
            database,
            after=row[0] - 1,
            to=row[1],
            organizations=organizations,
            change=partial(_without_receipts, database),
        )
        await batches.delete_in_batches(walk, partial(_busy, database))
        if walk.written:
            await asyncio.to_thread(_note, sorted(walk.changed_of))
        return walk.written


class _Walk:
    """Each call goes through the next rows in one transaction; 0 at the end."""

    def __init__(
        self,
        database: _Database,
        *,
        after: int,
        to: int,
        organizations: Sequence[int],
        change: _Change,
        orders: Sequence[int] = (),
    ) -> None:
        self._database = database
        self._after = after
        self._to = to
        self._organizations = list(organizations)
        self._change = change
        self._orders = list(orders)
        self.written = 0
        self.changed_of: set[int] = set()  # organizations

    async def __call__(self) -> int:
        first = await self._next()
        if first is None:
            return 0
        to = min(first + BITE - 1, self._to)
        async with self._database.transaction():
            values = {"first": first, "to": to, "organizations": self._organizations}
            found = await (await self._database.execute(statement("read_again"), values)).fetchall()
            rows = [
                _Row(pk, organization_id, name, body)
                for pk, organization_id, name, sealed in found
                if (body := _opened(sealed)) is not None
            ]
            changed = await self._change(rows)
            if changed:
                bodies = [vault().seal(body, purpose=PURPOSE) if body else b"" for body in changed.values()]
                await self._database.execute(
                    statement("write_again"), {"problem": _EMPTIED, "ids": list(changed), "bodies": bodies}
                )
                self.written += len(changed)
                self.changed_of |= {row.organization_id for row in rows if row.id in changed}
            if self._orders:
                await self._database.execute(
                    "UPDATE intake_scrub SET position = %s WHERE id = ANY(%s)", [to, self._orders]
                )
        self._after = to
        return to - first + 1

    async def _next(self) -> int | None:
        cursor = await self._database.execute(
            "SELECT id FROM intake_journal WHERE id > %s AND id <= %s ORDER BY id LIMIT 1",
            [self._after, self._to],
        )
        row = await cursor.fetchone()
        return int(row[0]) if row else None


async def _without_people(orders: Sequence[_Order], rows: list[_Row]) -> dict[int, bytes]:
    mentions = {
        place: _mentions(orders, *place) for place in {(row.organization_id, row.platform) for row in rows}
    }
    return {
        row.id: without(row.body, wanted)
        for row in rows
        if (wanted := mentions[row.organization_id, row.platform])(row.body)
    }


async def _without_receipts(database: _Database, rows: list[_Row]) -> dict[int, bytes]:
    by_delivery: dict[int, list[tuple[_Row, ReceiptReceived]]] = defaultdict(list)
    for row in rows:
        for event in platform(row.platform).parse(row.body):
            if isinstance(event, ReceiptReceived) and event.opaque.isascii() and event.opaque.isdigit():
                by_delivery[min(int(event.opaque[:20]), _MOST_ID)].append((row, event))
    cursor = await database.execute(_FORGOTTEN, [list(by_delivery)])
    terms: dict[int, set[str]] = defaultdict(set)
    bodies: dict[int, bytes] = {}
    for (delivery_id,) in await cursor.fetchall():
        for row, receipt in by_delivery[delivery_id]:
            bodies[row.id] = row.body
            address = receipt.address or Address()
            terms[row.id] |= {receipt.message_id, address.phone or "", address.user_id or ""}
    return {pk: without(body, Mentions(terms[pk])) for pk, body in bodies.items()}


async def _orders(database: _Database) -> list[_Order]:
    found = await (await database.execute(_ORDERS)).fetchall()
    return [
        _Order(
            pk,
            erasure_id,
            organization_id,
            up_to,
            position,
            tuple(erased.open_terms(sealed)),
        )
        for pk, erasure_id, organization_id, up_to, position, sealed in found
    ]


def _mentions(orders: Sequence[_Order], organization_id: int, platform: str) -> Mentions:
    """Of one organization and platform: what somebody told another Comune is not theirs to erase, and a user id of one platform
    may be a part of a number on another."""
    return Mentions(
        term.name
        for order in orders
        if order.organization_id == organization_id
        for term in order.terms
        if term.holds_on(platform)
    )


def _opened(sealed: bytes) -> bytes | None:
    """None for what these keys do not open: it tells nobody anything."""
    try:
        return vault().open(sealed, purpose=PURPOSE)
    except VaultError:
        return None


async def _all_read(database: _Database, up_to: int) -> bool:
    """Whether all that had arrived is read. Until then the order stands, and the reader leaves the person out (``erased.py``)."""
    for _second in range(_READ_WITHIN):
        row = await (await database.execute(statement("waits_up_to"), {"up_to": up_to})).fetchone()
        if not (row and row[0]):
            return True
        await asyncio.sleep(1)
    return False


def _finish(orders: Sequence[_Order]) -> None:
    try:
        with transaction.atomic():
            Scrub.unscoped.filter(pk__in=[order.pk for order in orders]).delete()
            erasures.end_work([order.erasure_id for order in orders], TABLES)
    finally:
        connection.close()  # of this thread


def _note(organizations: Sequence[int]) -> None:
    try:
        erasures.note("intake.Journal", "", organizations=organizations, tables=TABLES)
    finally:
        connection.close()


async def _busy(database: _Database) -> bool:
    row = await (await database.execute(statement("busy"))).fetchone()
    return bool(row and row[0])
