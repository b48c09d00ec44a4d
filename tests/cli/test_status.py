# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``arengo status``: what it prints, for people and for programs, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from django.db import DatabaseError, OperationalError

from arengo.cli import status
from arengo.cli.doctor import Finding
from arengo.cli.main import arengo
from arengo.core import health
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.delivery.queue import outbox
from arengo.delivery.senders import activation
from arengo.delivery.senders.status import SenderStats
from arengo.intake.models import Journal
from arengo.platforms.contract import Address, Text
from tests.cli.commands import arengo as installed
from tests.factories.delivery import make_sender, open_mailing
from tests.factories.intake import journal
from tests.factories.monitoring import put_to_work
from tests.support.ready import make_ready

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _over_the_tests_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    @contextmanager
    def already() -> Iterator[Path]:
        yield tmp_path

    monkeypatch.setattr(status, "prepared", already)


def run(*words: str) -> Result:
    return CliRunner().invoke(arengo, ["status", *words])


def reported(**expected_exit: int) -> Any:
    result = run("--json")
    assert result.exit_code == expected_exit.get("code", 0), result.output
    return json.loads(result.output)


@pytest.fixture
def at_work(esempio: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Sender:
    put_to_work(sender, monkeypatch, accepted=4321, receipts=8642, delay=1.5, pace=80.0, in_flight=2)
    return sender


def stop(sender: Sender) -> None:
    with organization_scope(sender.organization_id):
        activation.stop(sender, reason="Invalid OAuth access token", code=190)


def test_a_machine_in_order_ends_well(at_work: Sender) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "Tutto a posto."


def test_the_table_has_a_line_for_each_number(at_work: Sender) -> None:
    open_mailing(at_work, 12)
    lines = run().output.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("MITTENTE"))
    assert lines[head + 1].split() == [
        *("Comune", "di", "Esempio", "esempio", "attivo", "80", "/", "80", "12", "0", "0", "0"),
        *("4.321", "8.642", "≤", "2", "s", "host:1"),
    ]
    assert lines[head].index("PROCESSO") == lines[head + 1].index("host:1")


def test_a_program_reads_the_same_figures(at_work: Sender) -> None:
    with organization_scope(at_work.organization_id):
        outbox.enqueue(at_work, Address(phone="+393330000001"), Text("Buongiorno"))
    found = reported()
    assert found["ok"] is True
    assert found["troubles"] == []
    [sender] = found["senders"]
    assert sender["ready"] == {"alert": 0, "reply": 1, "news": 0}
    assert (sender["owner"], sender["pace"], sender["rate"], sender["in_flight"]) == ("host:1", 80.0, 80, 2)
    assert (sender["accepted_last_minute"], sender["receipts_last_minute"]) == (4321, 8642)
    assert sender["receipt_lag_seconds"] == 2
    assert found["journal"] == {
        "waiting": 0,
        "waiting_is": "exact",
        "oldest_waiting_seconds": 0.0,
        "marked": 0,
        "read_last_minute": 0,
    }
    assert [process["kind"] for process in found["processes"]] == ["web", "worker"]
    assert found["database"]["migrations_pending"] == 0
    assert found["disk_free_bytes"] > 0


def test_all_organizations_are_told(at_work: Sender, altrove: Organization) -> None:
    make_sender(altrove, "Altrove")
    assert [sender["organization"] for sender in reported()["senders"]] == ["esempio", "altrove"]


@pytest.mark.usefixtures("esempio")
def test_nobody_at_work_ends_badly_and_says_what_to_start() -> None:
    result = run()
    assert result.exit_code == 1
    assert "Da sistemare: 2" in result.output
    assert "arengo worker" in result.output
    assert [trouble["kind"] for trouble in reported(code=1)["troubles"]] == ["no_worker", "no_web"]


def test_a_stopped_number_ends_badly(at_work: Sender) -> None:
    stop(at_work)
    found = reported(code=1)
    assert found["senders"][0]["active"] is False
    assert found["senders"][0]["stop_code"] == 190
    assert "fermo" in run().output


def test_dead_letters_end_badly(at_work: Sender) -> None:
    journal(at_work, state=Journal.State.MARKED)
    found = reported(code=1)
    assert found["journal"]["marked"] == 1
    assert [trouble["kind"] for trouble in found["troubles"]] == ["unread"]


def test_what_passes_by_itself_is_told_and_ends_well(at_work: Sender) -> None:
    stats = SenderStats(sender=at_work.pk, epoch=0, pace=10.0, backlog=0, in_flight=0)
    health.beat("host:1", "worker", detail=msgspec.to_builtins({"senders": [stats]}))
    result = run()
    assert result.exit_code == 0
    assert "Tutto a posto." in result.output
    assert "invia più lentamente" in result.output
    assert [trouble["needs_a_person"] for trouble in reported()["troubles"]] == [False]


def test_in_english_for_who_asks(at_work: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_LANGUAGE", "en")
    assert run().output.splitlines()[-1] == "All is well."
    stop(at_work)
    assert "is stopped" in run().output


def test_a_database_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Finding:
        raise OperationalError("connection refused\nDETAIL: more")

    monkeypatch.setattr(status, "migrations", away)
    result = run()
    assert result.exit_code == 1
    assert "connection refused" in result.output
    assert "DETAIL" not in result.output
    assert not isinstance(result.exception, DatabaseError)


def test_tables_of_an_older_version_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "migrations", lambda: Finding("Tabelle", "eseguire «arengo migrate»"))
    result = run()
    assert result.exit_code == 1
    assert "arengo migrate" in result.output


@pytest.mark.processes
def test_a_folder_in_which_nothing_runs_is_told_by_the_real_command(tmp_path: Path) -> None:
    data = make_ready(tmp_path / "data")
    assert installed(data, "migrate").returncode == 0
    result = installed(data, "status", "--json")
    assert result.returncode == 1, result.stderr
    assert [trouble["kind"] for trouble in json.loads(result.stdout)["troubles"]] == ["no_worker", "no_web"]


def test_nothing_personal_is_printed(at_work: Sender) -> None:
    with organization_scope(at_work.organization_id):
        outbox.enqueue(at_work, Address(phone="+393331234567"), Text("Il mio codice è 1234"))
    printed = run().output + run("--json").output
    for private in ("3331234567", "codice", "055 000", at_work.credentials.token, at_work.hook_key):
        assert private not in printed
