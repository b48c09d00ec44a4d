# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hot paths and the pages, once, in a database with so much behind it. Arengo's own statements and functions.

The network is left out on purpose: what could grow with the years is what PostgreSQL does.
"""

from __future__ import annotations

import base64
import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.city import ACCOUNT, City, number_id
from bench.receipts import payload, status
from bench.year import Database

if TYPE_CHECKING:
    from arengo.delivery.models import Fanout, Sender
    from arengo.delivery.sending.moves import Move
    from arengo.platforms.contract import ReceiptStatus

FRESH = 10_000  # recipients of the mailing under way
_BATCH = 500
_PAGES = 20
_GONE = 200  # people who leave the list
_EPOCH = 1
_chance = random.Random(1)  # noqa: S311 - which rows are asked for


@dataclass(frozen=True)
class Taken:
    """How long ``count`` of something took, and how much PostgreSQL wrote to its log for it."""

    count: int
    seconds: float
    log_bytes: int


class Behind:
    """One round in the database that Django is connected to."""

    def __init__(self, town: City, database: Database) -> None:
        self._town = town
        self._sender: Sender = town.senders[0]
        self._database = database
        self._fanout: Fanout
        self._fresh: list[tuple[int, str]] = []
        self.taken: dict[str, Taken] = {}

    def run(self) -> dict[str, Taken]:
        """By the name of what was measured."""
        from arengo.core.scope import organization_scope
        from arengo.delivery.models import Sender
        from arengo.platforms.contract import ReceiptStatus

        with organization_scope(self._town.organization):
            Sender.objects.filter(pk=self._sender.pk).update(epoch=_EPOCH)
            self._measure("fill", self._fill, FRESH)
            some = self._fanout.deliveries.order_by("address_hash")[:_GONE]
            self._some_addresses = list(some.values_list("address_sealed", flat=True))
            self._measure("leave", self._leave, _GONE)
            self._fresh = self._dispatch()
            for kind in (ReceiptStatus.SENT, ReceiptStatus.DELIVERED):
                self._measure(f"receipt.{kind.value}", partial(self._receipts, kind), len(self._fresh))
            self._measure("receipt.by_message", self._by_message, 2000)
            old = self._old_deliveries()
            self._measure(
                "receipt.old", lambda: self._apply(self._received(old, ReceiptStatus.READ)), len(old)
            )
            self._webhooks()
            self._pages()
        return self.taken

    # --- the two roads ---

    def _fill(self) -> None:
        self._fanout = self._town.mailing(self._sender, _chance.randrange(9_000_000), FRESH)

    def _leave(self) -> None:
        """People of the mailing under way leave the list, one by one."""
        import msgspec

        from arengo.core.events import Batch
        from arengo.core.vault import vault
        from arengo.delivery.queue.cancellation import subscription_ended
        from arengo.platforms.contract import Address

        for sealed in self._some_addresses:
            address = msgspec.json.decode(vault().open(sealed, purpose="address"), type=Address)
            subscription_ended(
                Batch(self._town.organization.pk, self._sender.pk, [_Left(address)], "whatsapp")
            )

    def _dispatch(self) -> list[tuple[int, str]]:
        """As the dispatcher does it, without the network between claim and result."""
        from django.utils import timezone

        from arengo.delivery.models import DeliveryState, Urgency
        from arengo.delivery.sending.moves import Move, parameters
        from arengo.delivery.sql import statement

        sent: list[tuple[int, str]] = []
        after = dict.fromkeys(Urgency.values, 0)
        claim, result = _Clock(self._database), _Clock(self._database)
        while True:
            with claim:
                rows = self._database.execute(
                    statement("claim"),
                    {
                        "sender": self._sender.pk,
                        "epoch": _EPOCH,
                        "limit": _BATCH,
                        "urgencies": list(after),
                        "after": list(after.values()),
                    },
                    binary=True,
                ).fetchall()
            if not rows:
                break
            for row in rows:
                after[row[2]] = max(after[row[2]], row[0])
            marks = [f"wamid.{base64.b64encode(secrets.token_bytes(40)).decode()}" for _ in rows]
            now = timezone.now()
            moves: list[Move] = [
                Move(row[0], state=int(DeliveryState.ACCEPTED), accepted_at=now) for row in rows
            ]
            for move, mark in zip(moves, marks, strict=True):
                move.identify(mark)
            with result:
                self._database.execute(statement("move"), parameters(self._sender.pk, moves))
            sent += [(row[0], mark) for row, mark in zip(rows, marks, strict=True)]
        self.taken["claim"] = claim.taken(len(sent))
        self.taken["result"] = result.taken(len(sent))
        return sent

    def _receipts(self, kind: ReceiptStatus) -> None:
        self._apply(self._received(self._fresh, kind))

    def _by_message(self) -> None:
        """From a provider that does not send our own id back."""
        from arengo.platforms.contract import ReceiptStatus

        some = _chance.sample(self._fresh, 2000)
        self._apply(self._received(some, ReceiptStatus.READ, opaque=False))

    def _received(
        self, deliveries: Sequence[tuple[int, str]], kind: ReceiptStatus, *, opaque: bool = True
    ) -> list[Any]:
        from django.utils import timezone

        from arengo.platforms.contract import ReceiptReceived

        now = timezone.now()
        return [
            ReceiptReceived(mark, kind, now, opaque=str(pk) if opaque else "", billable=True)
            for pk, mark in deliveries
        ]

    def _apply(self, received: list[Any]) -> None:
        from django.db import transaction

        from arengo.core.events import Batch
        from arengo.delivery.receipts import applying

        for first in range(0, len(received), _BATCH):
            with transaction.atomic():
                applying.apply(
                    Batch(
                        self._town.organization.pk,
                        self._sender.pk,
                        received[first : first + _BATCH],
                        "whatsapp",
                    )
                )

    def _old_deliveries(self) -> list[tuple[int, str]]:
        """Any of the year, not read yet; of this mailing where there is no year."""
        (most,) = self._database.execute("SELECT max(id) FROM delivery_delivery").fetchall()[0]
        some = _chance.sample(range(1, most), min(FRESH, most - 1))
        found = self._database.execute(
            "SELECT id FROM delivery_delivery WHERE id = ANY (%s) AND state IN (30, 40)", [some]
        ).fetchall()
        return [(row[0], "") for row in found]

    def _webhooks(self) -> None:
        """Written to the journal as the endpoint does, a hundred a commit, and read: one receipt each."""
        from arengo.core.vault import vault
        from arengo.intake import journal, reader

        some = _chance.sample(self._fresh, 2000)
        account, number, at = ACCOUNT.encode(), number_id(0).encode(), int(time.time())
        sealed = [
            vault().seal(
                payload(account, number, [status(mark.encode(), b"read", b"393330000001", b"%d" % pk, at)]),
                purpose=journal.PURPOSE,
            )
            for pk, mark in some
        ]

        def write() -> None:
            for first in range(0, len(sealed), 100):
                bodies = sealed[first : first + 100]
                self._database.execute(
                    "INSERT INTO intake_journal (sender_id, body_sealed) SELECT * FROM unnest(%s::bigint[], %s::bytea[])",
                    [[self._sender.pk] * len(bodies), bodies],
                )

        def read() -> None:
            while reader.read_batch():
                pass

        self._measure("journal.write", write, len(sealed))
        self._measure("journal.read", read, len(sealed))

    # --- the pages ---

    def _pages(self) -> None:
        from django.utils import timezone

        from arengo.delivery.models import Fanout
        from arengo.delivery.prices import pricing
        from arengo.delivery.senders import status as roads
        from arengo.newsroom.outlets.whatsapp_list.outcome import reasons

        mailings = list(Fanout.objects.select_related("sender"))
        local = timezone.now().astimezone(self._town.organization.zone)
        old = [_chance.choice(mailings) for _ in range(_PAGES)]
        self._measure("page.reasons", lambda: [reasons(each) for each in old], _PAGES)
        self._measure(
            "page.cost",
            lambda: [
                pricing.accepted_this_month(self._town.organization, self._sender, "service", local)
                for _ in range(_PAGES)
            ],
            _PAGES,
        )
        self._measure("page.status", lambda: [roads.read() for _ in range(_PAGES)], _PAGES)

    def _measure(self, name: str, work: Callable[[], object], count: int) -> None:
        clock = _Clock(self._database)
        with clock:
            work()
        self.taken[name] = clock.taken(count)


@dataclass(frozen=True)
class _Left:
    address: Any


class _Clock:
    """Adds up what is done inside it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seconds = 0.0
        self._bytes = 0

    def __enter__(self) -> None:
        self._from = self._written()
        self._began = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self._seconds += time.monotonic() - self._began
        self._bytes += self._written() - self._from

    def _written(self) -> int:
        found = self._database.execute(
            "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
        ).fetchall()
        return int(found[0][0])

    def taken(self, count: int) -> Taken:
        return Taken(count, self._seconds, self._bytes)


def sizes(database: Database) -> Iterator[tuple[str, int, int]]:
    """Of each table that grows and each of its indexes: name, bytes, rows of the table."""
    for table in ("delivery_delivery", "intake_journal"):
        (rows,) = database.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table]
        ).fetchall()[0]
        yield from (
            (str(name), int(size), int(rows))
            for name, size in database.execute(
                "SELECT %s, pg_table_size(%s::regclass) UNION ALL SELECT indexrelid::regclass::text, "
                "pg_relation_size(indexrelid) FROM pg_index WHERE indrelid = %s::regclass",
                [table, table, table],
            ).fetchall()
        )
