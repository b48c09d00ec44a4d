# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A GET and a HEAD change nothing, for whoever asks: prefetching browsers, restored sessions and link checkers ask too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, connections, transaction

from arengo.core.models import Role
from tests.security.everybody import EVERYTHING, person_of
from tests.security.town import OURS, ROLES, SAMPLES, Town
from tests.security.visiting import SWEEP, Address, Visitor

pytestmark = [pytest.mark.django_db, *SWEEP]

_OTHERS = ("anonymous", "carlo", "nobody", *(role for role in ROLES if role != Role.ADMINISTRATOR))
# What reading may write, each with its reason.
_BOOKKEEPING = {
    "django_session": "when the session was last used, what the sign-in pages remember, and its end",
    "core_auditentry": "who opened a citizen's card stands in the log",
    "core_staffkey": "made with the first line of the log that names somebody",
    "core_attempt": "what may be tried a few times only is counted, links of mails at a GET and allauth's pages at a HEAD",
}
# What goes beyond the rows of a transaction: jobs, live events, signals to other processes.
_SIGNAL = re.compile(r"\b(?:NOTIFY|pg_notify|arengo_announce|procrastinate_defer\w*)\b", re.IGNORECASE)
# Rows written in this transaction, also by triggers and functions, and also those that were undone since.
_WRITTEN = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"


def _rows_written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


@contextmanager
def watched() -> Iterator[set[str]]:
    """What happens within: tables that are written, without the bookkeeping, signals, and what is put off to the commit."""
    found: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.update(signal.lower() for signal in _SIGNAL.findall(sql))
        return execute(sql, params, many, context)

    def put_off(action: Callable[[], object], robust: bool = False) -> None:
        found.add(f"on commit: {action!r}")

    before = _rows_written()
    with connection.execute_wrapper(watch), patch.object(connections["default"], "on_commit", put_off):
        yield found
    after = _rows_written()
    found.update(name for name, rows in after.items() if rows != before.get(name, 0))
    found.difference_update(_BOOKKEEPING)


@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ("UPDATE core_organization SET name = name", {"core_organization"}),
        (
            "WITH gone AS (DELETE FROM desk_conversation RETURNING id) SELECT * FROM gone WHERE false",
            {"desk_conversation"},
        ),
        ("SELECT arengo_announce(1, ARRAY['inbox'])", {"arengo_announce"}),
        ("SELECT pg_notify('x', '')", {"pg_notify"}),
        ("SELECT id FROM core_organization FOR UPDATE", set()),
        ("SELECT id FROM core_organization", set()),
    ],
)
def test_what_a_statement_does_is_noticed(towns: tuple[Town, Town], sql: str, seen: set[str]) -> None:
    with watched() as found, suppress(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
        transaction.set_rollback(True)
    assert found >= seen
    assert bool(found) == bool(seen)


Wanted = dict[Address, list[int]]
"""Address → the samples that it is asked for."""


@pytest.fixture(scope="module")
def written(towns: tuple[Town, Town]) -> dict[tuple[str, str], dict[str, set[str]]]:
    """(Who, method) → route → what its answer wrote, over every sample that an address can be about.

    The administrator reads by GET all that is there, others and HEAD the first of it.
    """
    everything: Wanted = {address: list(SAMPLES) if address.ids else [OURS] for address in EVERYTHING}
    there = dict(everything)
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for who in (Role.ADMINISTRATOR, *_OTHERS):
        for method in ("GET", "HEAD"):
            some = who != Role.ADMINISTRATOR or method == "HEAD"
            wanted = {address: there[address][:1] if some else there[address] for address in EVERYTHING}
            visitor = person_of(towns, who)  # of each its own: the console's frame is drawn once
            found[who, method], opened = _written_by(visitor, method, wanted)
            if wanted == everything:
                there = opened
    return found


def _written_by(visitor: Visitor, method: str, wanted: Wanted) -> tuple[dict[str, set[str]], Wanted]:
    """Route → what its answer wrote; and what was there. The counting costs more than many an answer: if all of them
    together wrote nothing, none did.
    """
    together, there = _read(visitor, method, wanted)
    if not together:
        return {}, there
    alone = {each.route: _read(visitor, method, {each: wanted[each]})[0] for each in EVERYTHING}
    return {route: wrote for route, wrote in alone.items() if wrote} or {"all together": together}, there


def _read(visitor: Visitor, method: str, wanted: Wanted) -> tuple[set[str], Wanted]:
    there: Wanted = {}
    with watched() as found:
        for address, samples in wanted.items():
            came = {pk: visitor.ask(method, address.path(pk)).status_code for pk in samples}
            there[address] = [pk for pk, status in came.items() if status != 404] or [OURS]
            shown = [pk for pk, status in came.items() if status == 200]
            if address.is_console and shown and method == "GET":
                part = {"HX-Request": "true", "HX-Target": "desk"}
                visitor.ask(method, address.path(shown[0]), headers=part)
    return found, there


@pytest.mark.parametrize("who", [Role.ADMINISTRATOR, *_OTHERS])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_address_writes_when_it_is_read(
    written: dict[tuple[str, str], dict[str, set[str]]], who: str, method: str
) -> None:
    assert written[who, method] == {}


def test_the_town_holds_what_reading_could_change(towns: tuple[Town, Town]) -> None:
    """Else the sweep would look at a town where nothing is left to mark as read."""
    visitor = person_of(towns, Role.OPERATOR)
    with watched() as found:
        for pk in SAMPLES:
            visitor.ask("POST", f"/console/sportello/{pk}/visto/", {"shown": 99, "last": 10**9})
    assert found >= {"desk_conversation", "arengo_announce"}
