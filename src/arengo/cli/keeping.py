# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded database, started again for as long as Arengo runs: each failure is said, and none ends Arengo."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from . import embedded
from .explaining import explain
from .folder import is_embedded
from .words import _

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between two tries; doubled each time
_SAY_AGAIN = 600.0  # seconds after which the same reason is said once more


class DatabaseKeeper:
    """Called twice a second by the supervisor, which goes on meanwhile: a start may take two minutes."""

    def __init__(self, data: Path, say: Callable[[str], None]) -> None:
        self._data, self._say = data, say
        self._try: _Try | None = None
        self._failures = 0
        self._again_at = 0.0
        self._said, self._said_at = "", 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if self._try is not None:
            if self._try.is_alive():
                return
            self._outcome(self._try.failure, now)
            self._try = None
        if now < self._again_at or not is_embedded() or self._is_running():
            return
        if not self._failures:
            self._say(
                _("la banca dati si è fermata e riparte (registri: %(folder)s)") % {"folder": self._logs}
            )
        self._try = _Try(self._data)
        self._try.start()

    def close(self) -> None:
        """A start that is under way is given up."""
        if self._try is not None:
            self._try.given_up.set()
            self._try.join()

    @property
    def _logs(self) -> Path:
        return self._data / "postgres"

    def _is_running(self) -> bool:
        try:
            return embedded.is_running(self._data)
        except (
            OSError
        ) as error:  # the folder cannot be read, or no file can be opened: the same as a failed start
            self._outcome(str(error.strerror), time.monotonic())
            return True

    def _outcome(self, failure: str, now: float) -> None:
        if not failure:
            self._failures, self._again_at, self._said = 0, 0.0, ""
            self._say(_("la banca dati risponde di nuovo"))
            return
        pause = min(_FIRST_PAUSE * 2**self._failures, _LONGEST_PAUSE)
        self._failures = min(self._failures + 1, 10)
        self._again_at = now + pause
        if failure != self._said or now - self._said_at > _SAY_AGAIN:
            self._said, self._said_at = failure, now
            words = _(
                "la banca dati non riparte: %(reason)s. Si riprova, all'inizio ogni secondo, poi ogni minuto"
            )
            self._say(words % {"reason": failure})


class _Try(threading.Thread):
    """One start; ``failure`` is its line for operators, empty when it went well."""

    def __init__(self, data: Path) -> None:
        super().__init__(name="database", daemon=True)
        self._data = data
        self.given_up = threading.Event()
        self.failure = ""

    def run(self) -> None:
        try:
            embedded.start(self._data, given_up=self.given_up.is_set)
        except embedded.EmbeddedError as error:
            self.failure = explain(error)
        except Exception as error:  # noqa: BLE001  # whatever it is, Arengo goes on and tries again
            self.failure = type(error).__name__
