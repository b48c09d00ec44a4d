# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of an installation that nobody configured: made once, kept in the data folder, for its owner's eyes.

A production installation brings its own in the environment; for it nothing is made here.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from arengo.config import environment
from arengo.core.vault import new_key

_FILE = "keys.env"


def load(data: Path, *, password: bool = False) -> None:
    """Put the missing ones of ARENGO_SECRET_KEY and ARENGO_VAULT_KEYS into the environment.

    With `password`, ARENGO_DEMO_PASSWORD as well: the same at every start, so that a sign-in lasts.
    """
    if environment.is_production():
        return
    path = data / _FILE
    kept = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.is_file() else {}
    made = {
        "ARENGO_SECRET_KEY": lambda: secrets.token_urlsafe(50),
        "ARENGO_VAULT_KEYS": lambda: new_key("k1"),
        **({"ARENGO_DEMO_PASSWORD": lambda: secrets.token_urlsafe(9)} if password else {}),
    }
    missing = [name for name in made if not environment.value(name)]
    fresh = {name: made[name]() for name in missing if name not in kept}
    if fresh:
        kept |= fresh
        _write(path, kept)
    os.environ.update({name: kept[name] for name in missing})


def _write(path: Path, values: dict[str, str]) -> None:
    part = path.with_name(f".{_FILE}.part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as file:
        file.write("".join(f"{name}={value}\n" for name, value in values.items()))
        file.flush()
        os.fsync(number)
    part.replace(path)
