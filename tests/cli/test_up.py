# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation in production, started all in one."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from arengo.cli.running import status
from arengo.core import embedded
from arengo.core.vault import new_key
from tests.cli.commands import environment, free_ports, not_root
from tests.support.waiting import NEVER, until

pytestmark = pytest.mark.processes


def test_production_starts_with_its_own_keys_and_writes_none_down(tmp_path: Path) -> None:
    data, output = tmp_path / "data", tmp_path / "output"
    settings = {
        "ARENGO_ENV": "production",
        "ARENGO_PUBLIC_URL": "https://arengo.example.test",
        "ARENGO_HOSTS": "arengo.example.test",
        "ARENGO_SECRET_KEY": secrets.token_urlsafe(50),
        "ARENGO_VAULT_KEYS": new_key("k1"),
        **free_ports(),
    }
    with output.open("w") as file:
        process = subprocess.Popen(
            [*not_root(tmp_path), sys.executable, "-m", "arengo", "up"],
            env=environment(data, **settings),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:

        def ready() -> bool:
            assert process.poll() is None, output.read_text()
            return "https://arengo.example.test/console/" in output.read_text()

        until(ready, output.read_text)
        assert not (data / "keys.env").exists()
    finally:
        process.terminate()
        process.wait(NEVER)
    assert not embedded.is_running(data)


def test_web_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    ports = free_ports()
    settings = {**ports, "DATABASE_URL": os.environ["DATABASE_URL"]}
    output = tmp_path / "output"
    with output.open("w") as file:
        first = subprocess.Popen(
            [sys.executable, "-m", "arengo", "web", "--processes", "2"],
            env=environment(tmp_path / "data", **settings),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    family = psutil.Process(first.pid)
    try:
        # Its database is empty: any answer will do.
        until(lambda: status(f"http://127.0.0.1:{ports['ARENGO_PORT']}/healthz"), output.read_text)
        children = family.children(recursive=True)
        assert len(children) >= 2
    finally:
        first.kill()
        first.wait()
    _gone, left = psutil.wait_procs(children, timeout=NEVER)
    assert not left
