# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key is retired by the commands that an administrator types, on an installation that works meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from arengo.cli import keys
from arengo.cli.words import Refused
from arengo.core import embedded
from arengo.core.vault import new_key, parse_keys
from tests.cli.commands import ROOT, arengo, environment, free_ports
from tests.support.ready import make_ready
from tests.support.waiting import NEVER, until

pytestmark = pytest.mark.processes

_PERSON = "393331000001"


@contextmanager
def demonstration(data: Path, settings: dict[str, str]) -> Iterator[None]:
    output = data.parent / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "arengo", "demo"],
            cwd=ROOT,
            env=environment(data, **settings),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:

        def ready() -> bool:
            assert process.poll() is None, output.read_text()
            return "Ctrl-C per fermare." in output.read_text()

        until(ready, output.read_text)
        yield
    finally:
        process.terminate()
        process.wait(NEVER)


def people(settings: dict[str, str]) -> list[str]:
    connection = HTTPConnection("127.0.0.1", int(settings["SANDBOX_PORT"]), timeout=NEVER)
    connection.request("GET", "/sandbox/people")
    found = json.loads(connection.getresponse().read())
    connection.close()
    return [person["id"] for person in (found["people"] if isinstance(found, dict) else found)]


def writes(settings: dict[str, str], person: str, text: str) -> None:
    connection = HTTPConnection("127.0.0.1", int(settings["SANDBOX_PORT"]), timeout=NEVER)
    body = json.dumps({"type": "text", "text": text})
    connection.request(
        "POST", f"/sandbox/people/{person}/messages", body, {"Content-Type": "application/json"}
    )
    assert connection.getresponse().status < 300
    connection.close()


def conversations(data: Path, text: str) -> list[int]:
    """Of the messages with these words."""
    with psycopg.connect(embedded.start(data).url) as database:
        found = database.execute("SELECT conversation_id FROM desk_message WHERE text = %s", (text,))
        return [row[0] for row in found.fetchall()]


def conversation(data: Path, text: str) -> int:
    [found] = until(lambda: conversations(data, text), f"«{text}»")
    return found


def vault_keys(data: Path) -> list[str]:
    lines = dict(line.split("=", 1) for line in (data / "keys.env").read_text().splitlines())
    return [key_id for key_id, _key in parse_keys(lines["ARENGO_VAULT_KEYS"])]


def drop_last_key(data: Path) -> None:
    file = data / "keys.env"
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines())
    lines["ARENGO_VAULT_KEYS"] = lines["ARENGO_VAULT_KEYS"].rpartition(",")[0]
    file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))


def test_a_key_leaves_while_arengo_works_and_who_wrote_before_is_known(tmp_path: Path) -> None:
    data, settings = make_ready(tmp_path / "data"), free_ports()
    with demonstration(data, settings):
        person = people(settings)[0]
        writes(settings, person, "Prima della chiave nuova")
        before = conversation(data, "Prima della chiave nuova")
        done = arengo(data, "reseal", "--new-key", **settings)
        assert (done.returncode, done.stderr) == (0, "")
        assert "riavviarlo" in done.stdout
        done = arengo(
            data, "reseal", **settings
        )  # what runs has only the old key: it would open nothing of this
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "riavviare Arengo" in done.stderr
    new, old = vault_keys(data)
    assert old == "k1"
    with demonstration(data, settings):
        done = arengo(data, "reseal", **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "La chiave k1 non apre più nulla: si può togliere da" in done.stdout
        assert "keys.env" in done.stdout
        assert "arengo reseal --lookups" in done.stdout
        writes(settings, person, "Mentre si cifra di nuovo")
        assert conversation(data, "Mentre si cifra di nuovo") == before
        assert "già in funzione" in arengo(data, "reseal", "--lookups", **settings).stderr
    drop_last_key(data)
    assert vault_keys(data) == [new]
    done = arengo(data, "reseal", "--lookups", **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--lookups" not in done.stdout  # nothing knows the hashes any more
    with demonstration(data, settings):
        writes(settings, person, "Con la sola chiave nuova")
        assert conversation(data, "Con la sola chiave nuova") == before
        assert f"cifra {new}" in arengo(data, "doctor", **settings).stdout


def test_a_key_that_is_missing_is_named(tmp_path: Path) -> None:
    data, settings = make_ready(tmp_path / "data"), free_ports()
    assert arengo(data, "migrate", **settings).returncode == 0
    (data / "keys.env").unlink()
    for command in ("migrate", "web", "worker"):
        done = arengo(data, command, ARENGO_VAULT_KEYS=new_key("other"), **settings)
        assert done.returncode == 1
        assert "non sono quelle di questa banca dati" in done.stderr
    done = arengo(data, "reseal", ARENGO_VAULT_KEYS=new_key("other"), **settings)
    assert done.returncode == 1
    assert "k1" in done.stdout
    assert "rimetterla" in done.stdout
    done = arengo(data, "doctor", ARENGO_VAULT_KEYS=new_key("other"), **settings)
    assert any(line.startswith("NO") and "k1" in line for line in done.stdout.splitlines())


def test_without_tables_it_says_what_to_do(tmp_path: Path) -> None:
    done = arengo(tmp_path / "data", "reseal")
    assert done.returncode == 1
    assert "arengo migrate" in done.stderr
    assert done.stderr.count("\n") == 1


def test_two_new_keys_in_one_second_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARENGO_VAULT_KEYS")
    for _time in range(3):
        keys.put_new_first(tmp_path)
    assert len(set(vault_keys(tmp_path))) == 3
    assert (tmp_path / "keys.env").stat().st_mode & 0o777 == 0o600


def test_keys_that_come_from_the_environment_are_changed_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARENGO_VAULT_KEYS", new_key("k1"))
    with pytest.raises(Refused, match="ARENGO_VAULT_KEYS"):
        keys.put_new_first(tmp_path)
    monkeypatch.delenv("ARENGO_VAULT_KEYS")
    monkeypatch.setenv("ARENGO_ENV", "production")
    with pytest.raises(Refused):
        keys.put_new_first(tmp_path)
    assert list(tmp_path.iterdir()) == []
