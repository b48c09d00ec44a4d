# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that started us may be gone, or may want us to go, without telling us.

`make` hands SIGTERM on to its recipe, but of SIGINT it expects that the terminal sent it to both. When only
`make` got one, it waits for us in silence; all that shows from outside is that it no longer catches SIGINT.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_MAKES = {"make", "gmake"}


class Parent:
    """The process that started us, if it is a make."""

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._is_make = self._status().get("Name") in _MAKES
        self._caught = self._catches_interrupts()

    def wants_us_to_end(self) -> bool:
        if not self._is_make:
            return False
        return os.getppid() != self._pid or (self._caught and not self._catches_interrupts())

    def _catches_interrupts(self) -> bool:
        return bool(int(self._status().get("SigCgt", "0"), 16) >> (signal.SIGINT - 1) & 1)

    def _status(self) -> dict[str, str]:
        try:
            lines = Path(f"/proc/{self._pid}/status").read_text().splitlines()
        except OSError:
            return {}
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
