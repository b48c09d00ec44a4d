# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small fixed cast.

Comune di Esempio: Alice administers, Olga is an operator, Edo an editor. Comune di Altrove: Carlo administers there and
must see nothing here – every view's test has its Carlo.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator
from functools import cache
from typing import Any

import hypothesis
import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.creation import DatabaseCreation
from django.test import Client, TransactionTestCase
from psycopg.errors import DeadlockDetected

from arengo.core import collector
from arengo.core.models import Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.core import HOST, STRANGER_HOST, make_organization, member
from tests.factories.delivery import make_sender

# How long an example takes depends on what else the machine does. In CI the examples are always the same ones: chance
# finds new ones on our own machines.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI", "").lower() in {"1", "true"},
)
hypothesis.settings.load_profile("steady")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Two processes that share the tests must call each the same: bytes may hold the second at which they were packed."""
    return f"{argname}-{len(val)}" if isinstance(val, bytes) else None


def pytest_configure(config: pytest.Config) -> None:
    """SIGTERM ends a run in order, as Ctrl-C does: its processes and folders go with it."""
    if not hasattr(config, "workerinput"):  # of xdist: the others are told by the one that deals out
        signal.signal(signal.SIGTERM, signal.default_int_handler)


_FIRST = ("long", "processes")  # marks


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files stay whole, the long ones first: two processes that share the files then end at the same time.

    Files with few tests come last but for those that are marked; files of the browser follow one another, so that it is
    started once.
    """
    sizes = Counter(item.path for item in items)
    first = {item.path for item in items if any(map(item.get_closest_marker, _FIRST))}
    seen = {item.path for item in items if item.get_closest_marker("browser")}

    def place(item: pytest.Item) -> tuple[bool, bool, int, str, bool]:
        file = item.path
        in_browser = item.get_closest_marker("browser") is not None
        return file not in seen, file not in first, -sizes[file], str(file), in_browser

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    from tests.support.side_by_side import SideBySide

    return SideBySide(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """The tests and all that they imported stay: Python does not look through them again and again for what may go."""
    collector.freeze()


_spent: defaultdict[str, float] = defaultdict(float)
"""Folder of tests → seconds."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _spent[report.nodeid.partition("/")[2].partition("::")[0].partition("/")[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line on where the time went, after a run of several processes."""
    if config.getoption("numprocesses", None) and _spent:
        longest_first = sorted(_spent.items(), key=lambda spent: -spent[1])
        words = ", ".join(f"{folder} {seconds:.0f}" for folder, seconds in longest_first if seconds >= 1)
        terminalreporter.write_line(f"Seconds, of all processes together: {words}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The browser's event loop is gone before a test that may have one of its own."""
    kit = sys.modules.get("tests.support.browser_kit")
    if kit is not None and item.get_closest_marker("browser") is None:
        kit.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure in the browser tells what the pages showed."""
    report = yield
    kit = sys.modules.get("tests.support.browser_kit")
    if report.failed and report.when == "call" and kit is not None and item.get_closest_marker("browser"):
        report.sections.append(("open pages", "\n".join(kit.evidence(item.name))))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Here nobody hurries us; what is left to the end of the process, xdist kills after ten seconds."""
    from tests import settings
    from tests.support import leftovers

    if kit := sys.modules.get("tests.support.browser_kit"):
        kit.close()
    settings.end()
    if not hasattr(session.config, "workerinput"):
        leftovers.clear()  # of the processes that had to be killed


@pytest.fixture
def esempio(db: None) -> Organization:
    return make_organization("Comune di Esempio", "esempio", HOST)


@pytest.fixture
def altrove(db: None) -> Organization:
    return make_organization("Comune di Altrove", "altrove", STRANGER_HOST)


@pytest.fixture
def scope(esempio: Organization) -> Iterator[Organization]:
    """The test itself runs inside the scope of Comune di Esempio."""
    with organization_scope(esempio):
        yield esempio


@pytest.fixture
def alice(esempio: Organization) -> Person:
    return member(esempio, "alice@esempio.test", "Alice Esempio", Role.ADMINISTRATOR)


@pytest.fixture
def olga(esempio: Organization) -> Person:
    return member(esempio, "olga@esempio.test", "Olga Esempio", Role.OPERATOR)


@pytest.fixture
def edo(esempio: Organization) -> Person:
    return member(esempio, "edo@esempio.test", "Edo Esempio", Role.EDITOR)


@pytest.fixture
def carlo(altrove: Organization) -> Person:
    return member(altrove, "carlo@altrove.test", "Carlo Altrove", Role.ADMINISTRATOR)


@pytest.fixture
def browse() -> Callable[..., Client]:
    """``browse(olga)`` is a client signed in as Olga, at Comune di Esempio unless another host is named."""

    def signed_in(person: Person | None = None, host: str = HOST) -> Client:
        client = Client(headers={"host": host})
        if person is not None:
            client.force_login(person, backend="arengo.accounts.backend.StaffBackend")
        return client

    return signed_in


@pytest.fixture
def sender(esempio: Organization) -> Sender:
    return make_sender(esempio, display_phone="+39 055 000 0001")


# Most tables are empty after most tests, many in all of a run: their file has no page. TRUNCATE makes new files for each:
# deleting the few rows is far quicker. Where there were many, what is left of them would slow down the next test.
_EMPTY = """
DO $$
DECLARE
  name text;
  used boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY ARRAY[{}] LOOP
    CONTINUE WHEN pg_relation_size(name::regclass) = 0;
    IF pg_total_relation_size(name::regclass) > 2000000 THEN
      EXECUTE format('TRUNCATE %s CASCADE', name);
    ELSE
      EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO used;
      IF used THEN
        EXECUTE format('DELETE FROM %s', name);
      END IF;
    END IF;
  END LOOP;
END $$
"""
_TRIES = 5  # to empty the tables
# Not Django's to make, and so not to empty: a job that one test left would be another's.
_JOBS = [
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
]
# Filled after migrations, not by tests: they stay, so that nothing must be filled again.
_DJANGOS_OWN = {"django_content_type", "auth_permission", "core_lookupkeys"}


@pytest.fixture(autouse=True, scope="session")
def _tests_leave_an_empty_database() -> Iterator[None]:
    """Tests that commit end by emptying every table; only here may that include the append-only ones.

    Django's command ``flush`` would look for the tables, and in each app for a module that is not there, after each test.
    """

    @cache
    def statement() -> str:
        tables = [
            *connection.introspection.django_table_names(only_existing=True, include_views=False),
            *_JOBS,
        ]
        names = [f"'{connection.ops.quote_name(table)}'" for table in tables if table not in _DJANGOS_OWN]
        return _EMPTY.format(", ".join(names))

    def empty(self: TransactionTestCase) -> None:
        """A request that the test's browser left behind may still be at its end, and write: PostgreSQL then gives up one of both."""
        for left in reversed(range(_TRIES)):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement())
            except OperationalError as error:
                if not left or not isinstance(error.__cause__, DeadlockDetected):
                    raise
            else:
                return

    def drop(self: DatabaseCreation, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        # A thread of some test's server may still be at its end.
        patch.setattr(DatabaseCreation, "_destroy_test_db", drop)
        yield
