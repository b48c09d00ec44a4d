# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real command line, in an environment of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from arengo.core.embedded_account import CAP_DAC_OVERRIDE, candidates
from arengo.core.vault import new_key
from tests.support.ports import free_port
from tests.support.waiting import NEVER

ROOT = Path(__file__).resolve().parents[2]
_OURS = ("ARENGO_", "SANDBOX_", "DATABASE_URL", "DJANGO_", "PYTHON")


def environment(data: Path, **settings: str) -> dict[str, str]:
    """This one's, without what the tests themselves run on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "ARENGO_DATA": str(data), **settings}


def production() -> dict[str, str]:
    """Settings with which production starts."""
    return {
        "ARENGO_ENV": "production",
        "ARENGO_PUBLIC_URL": "https://esempio.test",
        "ARENGO_SECRET_KEY": secrets.token_urlsafe(50),
        "ARENGO_VAULT_KEYS": new_key("k1"),
    }


def not_root(folder: Path) -> list[str]:
    """Words to put before a command so that it runs as an ordinary account, to which ``folder`` is given.

    Production refuses to run as root, as which tests may run. The account may read and write files as root does, so that
    it finds this program and its collected files wherever they lie; in nothing else is it root.
    """
    if os.geteuid() != 0:
        return []
    account = replace(candidates(None)[-1], capability=CAP_DAC_OVERRIDE)
    for place in (folder, *folder.rglob("*")):
        os.chown(place, account.uid, account.gid)
    return account.launcher()


def arengo(
    data: Path, *words: str, through: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*through, sys.executable, "-m", "arengo", *words],
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        timeout=2 * NEVER,
        check=False,
    )


def free_ports() -> dict[str, str]:
    """Two ports that nobody uses now."""
    one = other = free_port()
    while other == one:
        other = free_port()
    return {"ARENGO_PORT": str(one), "SANDBOX_PORT": str(other)}
