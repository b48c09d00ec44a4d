# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A year behind a town: as many deliveries as one wants, as they lie in the database when their mailings are long over.

One mailing has 100,000 recipients, always the same people; the mailings are spread evenly over the days. Values are as
long as real ones; none can be opened, and none needs to be. Indexes are made after the rows, as after a restore.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

RECIPIENTS = 100_000  # of a mailing
SINGLES = 100  # one single message for so many deliveries of mailings
DAYS = 365
_AT_ONCE = 3  # sessions that fill
# Rows come into the table small and grow in their page by what is learnt of them: it ends this full, in per cent.
_GROWN = 76
_KEPT = ("delivery_delivery_pkey", "intake_journal_pkey", "intake_waiting")

Database = psycopg.Connection[tuple[Any, ...]]

_MAILING = """
INSERT INTO delivery_fanout (organization_id, sender_id, urgency, outgoing, price_category, topic, created_at, filled_at,
  total, n_accepted, n_delivered, n_read, n_failed, n_unknown, n_cancelled, n_waiting, first_accepted_at, last_accepted_at)
SELECT %(organization)s, %(sender)s, 2, convert_to('{}', 'UTF8'), 'utility', 'update:' || %(number)s, at, at, %(rows)s, %(rows)s,
  %(rows)s * 0.95, %(rows)s * 0.75, %(rows)s * 0.02, 0, 0, 0, at, at + interval '20 minutes'
FROM (SELECT now() - make_interval(secs => %(age)s) AS at) t RETURNING id
"""
# 75 of 100 are read, 20 delivered, 3 sent, 2 failed: receipts come for the first 98.
_DELIVERIES = """
INSERT INTO delivery_delivery (organization_id, sender_id, fanout_id, urgency, address_sealed, address_hash, topic, state,
  message_hash, code, reason, price_category, billable, created_at, accepted_at, sent_at, delivered_at, read_at, failed_at)
SELECT %(organization)s, %(sender)s, %(fanout)s, 2, h || sha256(h) || '\\x010203', sha256(i::text::bytea), '',
  CASE WHEN k < 75 THEN 50 WHEN k < 95 THEN 40 WHEN k < 98 THEN 30 ELSE 90 END,
  substr(h, 1, 16),
  CASE WHEN k < 98 THEN 0 ELSE 131026 END, CASE WHEN k < 98 THEN '' ELSE 'Message undeliverable' END, 'utility', true, at, at + late,
  CASE WHEN k < 98 THEN at + late * 1.1 END, CASE WHEN k < 95 THEN at + late * 1.2 END,
  CASE WHEN k < 75 THEN at + late * 5 END, CASE WHEN k >= 98 THEN at + late * 1.1 END
FROM (
  SELECT i, i %% 100 AS k, sha256((%(fanout)s || ':' || i)::bytea) AS h, now() - make_interval(secs => %(age)s) AS at,
    make_interval(secs => i / 80.0) AS late
  FROM generate_series(1, %(rows)s) AS i
) t
"""
_SINGLES = """
INSERT INTO delivery_delivery (organization_id, sender_id, urgency, address_sealed, address_hash, outgoing_sealed, topic, state,
  message_hash, message_sealed, code, reason, price_category, created_at, accepted_at, sent_at, delivered_at, read_at)
SELECT %(organization)s, %(sender)s, 1, h || sha256(h), sha256(i::text::bytea), h || h || h || h || h || h,
  'conversation:' || (i + %(number)s * 1000), 50, substr(h, 1, 16), h || h || h, 0, '', 'service',
  at, at, at, at, at
FROM (
  SELECT i, sha256((%(number)s || '/' || i)::bytea) AS h, now() - make_interval(secs => %(age)s) + make_interval(secs => i) AS at
  FROM generate_series(1, %(rows)s) AS i
) t
"""
# As filling a mailing notes them.
_PLACES = """
UPDATE delivery_fanout f SET first_delivery = t.first, last_delivery = t.last
FROM (SELECT fanout_id, min(id) AS first, max(id) AS last FROM delivery_delivery GROUP BY fanout_id) t
WHERE f.id = t.fanout_id
"""
# Webhooks of one receipt each, as long as Meta's, applied long ago. The last days only: that is how long they are kept.
_JOURNAL = """
INSERT INTO intake_journal (sender_id, received_at, body_sealed, state, attempts, applied_at)
SELECT %(sender)s, at, h || h || h || h || h || h || h || h || h || h || h || h || h || h || h || h || h || h, 1, 1, at
FROM (
  SELECT sha256((%(first)s + i)::text::bytea) AS h, now() - make_interval(secs => %(age)s - i * %(apart)s) AS at
  FROM generate_series(1, %(rows)s) AS i
) t
"""


def fill(
    url: str, organization: int, sender: int, rows: int, *, journal: int, journal_days: int = 28
) -> float:
    """``rows`` deliveries and ``journal`` webhooks. Returns the seconds that it took."""
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as database:
        with _bare(database, "delivery_delivery"), _full(database, "delivery_delivery"):
            _mailings(url, organization, sender, rows // RECIPIENTS)
        with _bare(database, "intake_journal"):
            _webhooks(database, sender, journal, journal_days)
        database.execute(_PLACES)
        for table in ("delivery_delivery", "delivery_fanout", "intake_journal"):
            database.execute(f"VACUUM ANALYZE {table}")
    return time.monotonic() - began


def _mailings(url: str, organization: int, sender: int, count: int) -> None:
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        jobs = [pool.submit(_mailing, url, organization, sender, number, count) for number in range(count)]
        for job in jobs:
            job.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _mailing(url: str, organization: int, sender: int, number: int, mailings: int) -> None:
    values: dict[str, Any] = {
        "organization": organization,
        "sender": sender,
        "number": number,
        "age": (DAYS - number * DAYS / mailings) * 86400,
        "rows": RECIPIENTS,
    }
    with psycopg.connect(url) as database:
        database.execute("SET synchronous_commit = off")
        (fanout,) = database.execute(_MAILING, values).fetchall()[0]
        database.execute(_DELIVERIES, {**values, "fanout": fanout})
        database.execute(_SINGLES, {**values, "rows": RECIPIENTS // SINGLES})


def _webhooks(database: Database, sender: int, rows: int, days: int) -> None:
    batch = 100_000
    for first in range(0, rows, batch):
        age = days * 86400 * (1 - first / rows)
        values = {"sender": sender, "first": first, "rows": min(batch, rows - first), "age": age}
        database.execute(_JOURNAL, {**values, "apart": days * 86400 / rows})


@contextmanager
def _bare(database: Database, table: str) -> Iterator[None]:
    """Without its indexes and references while it is filled; they come back as they were."""
    indexes = _all(
        database,
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass",
        table,
    )
    references = _all(
        database,
        "SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        table,
    )
    for name, _definition in references:
        database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    gone = [(name, definition) for name, definition in indexes if name not in _KEPT]
    for name, _definition in gone:
        database.execute(f"DROP INDEX {name}")
    yield
    database.execute("SET maintenance_work_mem = '1GB'")
    for _name, definition in gone:
        database.execute(definition)
    for name, definition in references:  # true by construction: not proven again row by row
        database.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
    database.execute("RESET maintenance_work_mem")


@contextmanager
def _full(database: Database, table: str) -> Iterator[None]:
    (options,) = database.execute(
        "SELECT reloptions FROM pg_class WHERE oid = %s::regclass", [table]
    ).fetchall()[0]
    own = next((each.partition("=")[2] for each in options or [] if each.startswith("fillfactor=")), "100")
    database.execute(f"ALTER TABLE {table} SET (fillfactor = {_GROWN})")
    yield
    database.execute(f"ALTER TABLE {table} SET (fillfactor = {own})")


def _all(database: Database, query: str, table: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in database.execute(query, [table]).fetchall()]
