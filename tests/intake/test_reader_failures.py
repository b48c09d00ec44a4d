# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What fails, fails alone: one event of a row, or a transaction that the database gave up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from arengo.audience.models import Contact, Subscription
from arengo.core import events
from arengo.core.database_trouble import Trouble, sqlstate, trouble_of
from arengo.core.events import Batch
from arengo.delivery.models import Sender
from arengo.intake import reader, rows
from arengo.intake.models import Journal
from arengo.platforms.contract import MessageReceived
from tests.factories.intake import store
from tests.factories.webhooks import message, written

pytestmark = pytest.mark.django_db(transaction=True)

Fail = Callable[[Batch[Any], Any], None]


class Listener:
    """Only it hears messages. ``fail`` is called for each text that begins with «guasto», after a trace was left of it."""

    def __init__(self) -> None:
        self.fail: Fail = lambda batch, event: None
        self.calls = 0

    def __call__(self, batch: Batch[Any]) -> None:
        self.calls += 1
        for event in batch.events:
            Contact.objects.create(organization_id=batch.organization_id, name=event.text)
            if event.text.startswith("guasto"):
                self.fail(batch, event)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setattr(events, "_listeners", type(events._listeners)(list))
    monkeypatch.setattr(reader, "_size", reader._Size())
    found = Listener()
    events.listen(MessageReceived, found)
    return found


def texts(*words: str) -> bytes:
    return written(*(message("+393330000011", "IT.1", word) for word in words))


def reported() -> list[str]:
    return list(Contact.unscoped.order_by("pk").values_list("name", flat=True))


def read_all() -> None:
    while reader.read_batch():
        pass


def states() -> list[int]:
    return list(Journal.objects.order_by("pk").values_list("state", flat=True))


def raising(state: str) -> Fail:
    """As PostgreSQL itself says it."""

    def fail(batch: Batch[Any], event: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")

    return fail


def _a_bug(batch: Batch[Any], event: Any) -> None:
    raise RuntimeError("quotes what was written")


def _too_long(batch: Batch[Any], event: Any) -> None:
    Contact.objects.create(organization_id=batch.organization_id, name="x" * 300)


def _a_reference_to_nothing(batch: Batch[Any], event: Any) -> None:
    """PostgreSQL would only find it in the commit."""
    Subscription.objects.create(
        organization_id=batch.organization_id, identity_id=2**40, sender_id=1, since=timezone.now()
    )


def _swallowed(batch: Batch[Any], event: Any) -> None:
    try:
        raising("22012")(batch, event)
    except Exception:  # noqa: BLE001  # as a careless listener would
        Contact.objects.count()


@pytest.mark.parametrize("fail", [_a_bug, _too_long, _a_reference_to_nothing, _swallowed, raising("54000")])
def test_one_event_that_fails_leaves_its_neighbours_applied_once_and_can_be_replayed(
    sender: Sender, listener: Listener, fail: Fail
) -> None:
    listener.fail = fail
    store(sender, [texts("prima"), texts("uno", "guasto", "due", "tre"), texts("dopo")])
    read_all()
    assert reported() == ["prima", "uno", "due", "tre", "dopo"]
    assert states() == [1, 2, 1]
    bad = Journal.objects.get(state=Journal.State.MARKED)
    assert "MessageReceived, 2 of 4" in bad.problem
    assert "quotes" not in bad.problem

    listener.fail = lambda batch, event: None
    reader.replay(bad.pk)
    read_all()
    assert reported() == ["prima", "uno", "due", "tre", "dopo", "guasto"]
    assert states() == [1, 1, 1]


def test_finding_the_one_that_fails_costs_a_few_attempts(sender: Sender, listener: Listener) -> None:
    listener.fail = _a_bug
    words = [f"numero {n}" for n in range(256)]
    words[100] = "guasto"
    store(sender, [texts(*words)])
    read_all()
    assert listener.calls <= 2 + 2 * 8 + 1
    assert len(reported()) == 255


def test_a_row_in_which_everything_fails_ends(
    sender: Sender, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_MOST_FAILURES", 3)
    listener.fail = _a_bug
    store(sender, [texts(*["guasto"] * 10), texts("dopo")])
    read_all()
    assert states() == [2, 1]
    assert "7 more were not tried" in Journal.objects.get(state=2).problem
    assert reported() == ["dopo"]


@pytest.mark.parametrize("state", ["57014", "40P01", "40001", "55P03"])
def test_a_transaction_that_the_database_gives_up_is_tried_again_smaller(
    sender: Sender, listener: Listener, state: str
) -> None:
    def too_many(batch: Batch[Any], event: Any) -> None:
        if len(batch.events) > 2:
            raising(state)(batch, event)

    listener.fail = too_many
    store(sender, [texts("guasto", "uno"), texts("due"), texts("tre"), texts("quattro", "guasto", "cinque")])
    read_all()
    assert states() == [1, 1, 1, 1]
    assert reported() == ["guasto", "uno", "due", "tre", "quattro", "guasto", "cinque"]


def test_a_statement_that_takes_too_long_is_not_taken_for_a_bad_row(
    sender: Sender, listener: Listener
) -> None:
    slow = [True]

    def fail(batch: Batch[Any], event: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(%s)", [5 if slow else 0])

    listener.fail = fail
    store(sender, [texts("uno", "guasto"), texts("dopo")])
    reader.read_batch()
    assert states() == [0, 1]
    assert reported() == ["dopo"]
    slow.clear()
    Journal.objects.update(not_before=None)
    read_all()
    assert states() == [1, 1]
    assert sorted(reported()) == ["dopo", "guasto", "uno"]


def _turns_pass() -> list[int]:
    """Reads until no row waits, with time passing; how many turns the row that is put off had."""
    attempts = []
    for _turn in range(50):
        with contextlib.suppress(OperationalError):  # the worker comes again
            reader.read_batch()
        attempts.append(Journal.objects.order_by("pk")[0].attempts)
        if 0 not in states():
            return attempts
        Journal.objects.update(not_before=None)
    raise AssertionError("it loops for ever")


def test_what_is_given_up_each_time_is_marked_in_the_end_and_its_neighbours_are_applied(
    sender: Sender, listener: Listener
) -> None:
    listener.fail = raising("57014")
    store(sender, [texts("uno", "guasto", "due"), texts("dopo")])
    reader.read_batch()
    assert reported()[0] == "dopo", "the rows behind it waited"
    _turns_pass()
    assert states() == [2, 1]
    assert sorted(reported()) == ["dopo", "due", "uno"]
    bad = Journal.objects.order_by("pk")[0]
    assert bad.problem.startswith("given up by the database 6 times, last with ")
    assert "QueryCanceled 57014" in bad.problem
    assert bad.attempts == len(rows.WAITS) + 1


def test_a_row_that_is_put_off_waits_longer_each_time(sender: Sender, listener: Listener) -> None:
    listener.fail = raising("40P01")
    [row] = store(sender, [texts("guasto")])
    waits = []
    for _turn in rows.WAITS:
        reader.read_batch(1)
        row.refresh_from_db()
        assert row.not_before is not None
        waits.append((row.not_before - timezone.now()).total_seconds())
        Journal.objects.update(not_before=None)
    assert [wait > longest - 60 for wait, longest in zip(waits, rows.WAITS, strict=True)] == [True] * 5
    assert waits == sorted(waits)
    assert waits[-1] > 60
    store(sender, [texts("dopo")])
    reader.read_batch()
    assert reported() == ["dopo"]


def test_a_row_at_which_the_session_is_lost_does_not_stop_the_reader_for_ever(
    sender: Sender, listener: Listener
) -> None:
    def fail(batch: Batch[Any], event: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    listener.fail = fail
    store(sender, [texts("guasto"), texts("uno"), texts("due")])
    _turns_pass()
    assert states() == [2, 1, 1]
    assert reported() == ["uno", "due"]
    assert "given up by the database" in Journal.objects.order_by("pk")[0].problem


def test_a_replayed_row_has_all_its_turns_again(sender: Sender, listener: Listener) -> None:
    listener.fail = raising("57014")
    [row] = store(sender, [texts("guasto")])
    _turns_pass()
    reader.replay(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.not_before) == (0, 0, None)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("57014", Trouble.CANCELLED),
        ("40P01", Trouble.CANCELLED),
        ("40002", None),
        ("57P01", Trouble.AWAY),
        ("53100", Trouble.AWAY),
        ("25006", Trouble.AWAY),
        ("22001", None),
        ("23505", None),
        ("54000", None),
        ("25P02", None),
    ],
)
def test_what_an_error_of_the_database_says(db: None, state: str, trouble: Trouble | None) -> None:
    with pytest.raises(DatabaseError) as caught:
        raising(state)(Batch(0, 0, []), None)
    assert trouble_of(caught.value) is trouble
    assert sqlstate(caught.value) == state
