# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of an installation that nobody configured: made once, kept in the data folder, for its owner's eyes.

A production installation brings its own in the environment; for it nothing is made here.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from arengo.config import environment
from arengo.core.vault import new_key

from .words import Refused, _

FILE = "keys.env"
_loaded: set[str] = set()  # names that this process took from the file


def load(data: Path, *, password: bool = False) -> None:
    """Put the missing ones of ARENGO_SECRET_KEY and ARENGO_VAULT_KEYS into the environment.

    With `password`, ARENGO_DEMO_PASSWORD as well: the same at every start, so that a sign-in lasts.
    """
    if environment.is_production():
        return
    path = data / FILE
    kept = _read(path)
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
    _loaded.update(missing)


def place(data: Path) -> str:
    """Where the vault keys of this installation are written, for a person to change them."""
    return str(data / FILE) if "ARENGO_VAULT_KEYS" in _loaded else "ARENGO_VAULT_KEYS"


def put_new_first(data: Path) -> None:
    """A fresh vault key before those of keys.env; Refused where the keys come from the environment."""
    if environment.is_production() or environment.value("ARENGO_VAULT_KEYS"):
        words = _(
            "le chiavi vengono dall'ambiente: metterne una nuova davanti alle altre in ARENGO_VAULT_KEYS "
            "(«arengo doctor --new-vault-key» ne stampa una), riavviare Arengo e poi eseguire «arengo reseal»"
        )
        raise Refused(words)
    kept = _read(data / FILE)
    old = [key for key in kept.get("ARENGO_VAULT_KEYS", "").split(",") if key]
    number = int(time.time())
    while any(key.startswith(f"k{number}:") for key in old):
        number += 1
    _write(data / FILE, {**kept, "ARENGO_VAULT_KEYS": ",".join([new_key(f"k{number}"), *old])})


def _read(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.is_file() else {}


def _write(path: Path, values: dict[str, str]) -> None:
    part = path.with_name(f".{FILE}.part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as file:
        file.write("".join(f"{name}={value}\n" for name, value in values.items()))
        file.flush()
        os.fsync(number)
    part.replace(path)
