# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a restart finds again, also after the process was killed; how it starts and ends."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.sandbox.catcher import catching
from tests.sandbox.town import Town, named
from tests.support.ports import free_port
from tests.support.sandbox_server import sandbox_process
from tests.support.waiting import NEVER, until

PNG = b"\x89PNG una fotografia"


def written(folder: Path, person: str) -> bool:
    """Whether the file has this person. The state is written behind the requests, all that changed at once."""
    with closing(sqlite3.connect(folder / "sandbox.sqlite3", timeout=NEVER)) as file:
        found = file.execute(
            "SELECT 1 FROM record WHERE kind = 'person' AND key = ?", (f"{int(person[1:]):012d}",)
        )
        return found.fetchone() is not None


def test_a_killed_sandbox_finds_everything_again(tmp_path: Path) -> None:
    with catching() as catcher:
        with sandbox_process(tmp_path) as sandbox:
            town = Town(sandbox)
            subscription = {"override_callback_uri": catcher.url, "verify_token": catcher.verify_token}
            sandbox.graph("POST", f"/{sandbox.waba_id}/subscribed_apps", subscription)
            anna = town.citizen("Anna Esempio", automatic=False)
            crowd = sandbox.control("POST", "/people", {"count": 1000, "prefix": "39373"})["people"]
            asked = town.writes(anna, "Buongiorno")
            media_id = town.upload(PNG, "image/png").body["id"]
            answered = town.sent({"to": anna["phone"], "type": "image", "image": {"id": media_id}})
            template_id = town.approved("resta")
            code = sandbox.graph("POST", f"/{town.number}/message_qrdls", {"prefilled_message": "Ciao"}).body[
                "code"
            ]
            sandbox.control("PATCH", f"/people/{crowd[7]['id']}", {"hide_number": True})
            blocked = {"messaging_product": "whatsapp", "block_users": [{"user": anna["phone"]}]}
            sandbox.graph("POST", f"/{town.number}/block_users", blocked)
            catcher.wait_status(answered, "delivered")
            catcher.answer = 500
            unheard = town.sent({"to": crowd[3]["phone"], **named("resta")})
            catcher.wait(lambda: catcher.refused)
            newest = town.citizen()  # what was there before her is written with her, or was before
            until(lambda: written(tmp_path, newest["id"]))
            sandbox.kill()
        catcher.answer = 200
        with sandbox_process(tmp_path) as again:
            town = Town(again)
            catcher.wait_status(unheard, "delivered")
            messages = {message["id"]: message for message in town.chat(anna)}
            assert messages[asked]["text"] == {"body": "Buongiorno"}
            assert messages[answered]["status"] == "delivered"
            assert again.graph("GET", f"/{media_id}").body["file_size"] == len(PNG)
            assert again.graph("GET", f"/{template_id}?fields=status").body["status"] == "APPROVED"
            assert again.graph("GET", f"/{town.number}/message_qrdls/{code}").body["data"][0]["code"] == code
            assert again.control("GET", f"/people/{crowd[7]['id']}")["hide_number"] is True
            assert again.control("GET", f"/people/{crowd[999]['phone']}")["id"] == crowd[999]["id"]
            assert len(again.graph("GET", f"/{town.number}/block_users").body["data"]) == 1
            assert [entry["id"] for entry in again.control("GET", "/ledger")["ledger"]] == [answered, unheard]
            assert again.stop() == 0
        with sandbox_process(tmp_path) as third:
            newcomer = Town(third).citizen("Bruno Campione")
            assert newcomer["id"] not in {anna["id"], *(person["id"] for person in crowd)}


def test_without_a_folder_it_forgets() -> None:
    with sandbox_process() as sandbox:
        Town(sandbox).citizen("Anna Esempio")
        assert sandbox.control("GET", "/health")["people"] == 7
        assert sandbox.control("GET", "/health")["lasting"] is False
    with sandbox_process() as again:
        assert again.control("GET", "/health")["people"] == 6


def test_it_ends_at_once_with_everything_open(tmp_path: Path) -> None:
    with catching() as catcher, sandbox_process(tmp_path) as sandbox:
        wanted = {"override_callback_uri": catcher.url, "verify_token": catcher.verify_token}
        sandbox.graph("POST", f"/{sandbox.waba_id}/subscribed_apps", wanted)
        sandbox.control("POST", "/conditions", {"webhooks": {"delay_ms": 60_000}})
        sandbox.control("POST", "/people/p1/messages", {"type": "text", "text": "Aspetto"})
        with socket.create_connection(("127.0.0.1", sandbox.port)) as stream:
            stream.sendall(b"GET /phones/events?people=p1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b"200 OK" in stream.recv(1024)
            started = time.monotonic()
            assert sandbox.stop() == 0
            assert (
                time.monotonic() - started < 30
            )  # neither the minute of the webhook nor the stream is waited for
        with sandbox_process(tmp_path):
            catcher.wait(lambda: catcher.items("messages"))


def _start(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "arengo.sandbox", *arguments]
    return subprocess.run(
        command, env=os.environ | env, capture_output=True, text=True, timeout=NEVER, check=False
    )


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = _start("--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "is taken" in ended.stderr


def test_a_port_that_is_no_number_is_said() -> None:
    ended = _start(SANDBOX_PORT="ottomila")
    assert ended.returncode == 2
    assert "--port: invalid int value" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    ended = _start("--port", str(free_port()), "--data", str(file / "sandbox"))
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "cannot be used" in ended.stderr
