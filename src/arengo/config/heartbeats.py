# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process says every few seconds that it lives, and what it sees of its own work."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from arengo.core.logs import named

log = logging.getLogger(__name__)


class Heart:
    """``sees`` is asked in the event loop at each beat: JSON without personal data."""

    def __init__(self, kind: str, sees: Callable[[], dict[str, Any]] = dict) -> None:
        from django.utils import timezone

        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._kind = kind
        self._sees = sees
        self._began_at = timezone.now()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="heart")
        self._heard = False  # the last beat reached the database
        self._known = False  # perhaps: one is under way, or the last one reached it

    async def beat_forever(self) -> None:
        from django.db import Error

        from arengo.core.health import BEAT

        loop = asyncio.get_running_loop()
        while True:
            self._known = True
            try:
                await loop.run_in_executor(self._thread, self._beat, self._sees())
                self._heard = True
            except (Error, OSError) as error:
                if self._heard:
                    log.warning("Heartbeats wait for the database (%s).", named(error))
                self._heard = self._known = False
            await asyncio.sleep(BEAT)

    async def stop(self) -> None:
        """The process ends of its own will: it is off the books at once."""
        if self._known:
            with contextlib.suppress(
                Exception
            ):  # else its last beat grows stale, which says the same a little later
                async with asyncio.timeout(2):
                    await asyncio.get_running_loop().run_in_executor(self._thread, self._rest)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _beat(self, detail: dict[str, Any]) -> None:
        from arengo.core.health import PROCESSES, VAULT_KEYS, beat, process_names

        detail = {**detail, VAULT_KEYS: _key_marks(), PROCESSES: process_names()}
        _on_a_live_connection(lambda: beat(self.name, self._kind, began_at=self._began_at, detail=detail))

    def _rest(self) -> None:
        from arengo.core.health import rest

        _on_a_live_connection(lambda: rest(self.name))


def _key_marks() -> list[str]:
    from django.conf import settings

    from arengo.core.vault import key_marks

    return key_marks(settings.ARENGO_VAULT_KEYS)


def _on_a_live_connection(work: Callable[[], None]) -> None:
    """Django's connection of this thread goes back to the pool after each beat: a broken one is not kept."""
    from django.db import connection

    try:
        work()
    finally:
        connection.close()
