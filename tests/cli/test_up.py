# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation in production, started all in one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from arengo.core import embedded
from arengo.core.vault import new_key
from tests.cli.commands import environment, free_ports
from tests.waiting import NEVER, until

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

        def ready() -> bool:
            assert process.poll() is None, output.read_text()
            return "https://arengo.example.test/console/" in output.read_text()

        until(ready, output.read_text)
        assert not (data / "keys.env").exists()
    finally:
        process.terminate()
        process.wait(NEVER)
    assert not embedded.is_running(data)
