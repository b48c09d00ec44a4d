# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation in production, started all in one."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from arengo.core import embedded
from arengo.core.vault import new_key
from tests.cli.commands import environment, free_ports

pytestmark = pytest.mark.processes


def test_production_starts_with_its_own_keys_and_writes_none_down(tmp_path: Path) -> None:
    data, output = tmp_path / "data", tmp_path / "output"
    settings = {
        "ARENGO_ENV": "production",
        "ARENGO_PUBLIC_URL": "https://arengo.example.test",
        "ARENGO_HOSTS": "arengo.example.test",
        "ARENGO_SECRET_KEY": "only-for-tests-" * 5,
        "ARENGO_VAULT_KEYS": new_key("k1"),
        **free_ports(),
    }
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "arengo", "up"],
            env=environment(data, **settings),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 60
        while "https://arengo.example.test/console/" not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.1)
        assert not (data / "keys.env").exists()
    finally:
        process.terminate()
        process.wait(20)
    assert not embedded.is_running(data)
