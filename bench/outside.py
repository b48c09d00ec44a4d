# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The emulated Graph server as rows see it: started, steered, asked what arrived."""

from __future__ import annotations

import http.client
import json
from array import array
from typing import Any

from bench.processes import Process, Processes, answers, free_port, until


class Outside:
    def __init__(self, processes: Processes) -> None:
        self.port = free_port()
        self._processes = processes
        self.process: Process = processes.python("bench.graph", "--port", str(self.port))
        until(lambda: answers(self.port, "/bench/count"), 20, "the emulated Graph server", self.process)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, **wanted: Any) -> None:
        """``latency_ms``, ``receipts``, ``reset``."""
        self._ask("/bench/set", json.dumps(wanted).encode())

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._ask("/bench/state"))
        return found

    def count(self) -> int:
        return int(json.loads(self._ask("/bench/count"))["count"])

    def ledger(self, start: int = 0) -> tuple[array[int], array[float]]:
        """Opaque ids and times of arrival (monotonic clock), from the ``start``-th message on."""
        raw = self._ask(f"/bench/ledger/{start}")
        ids, times = array("q"), array("d")
        ids.frombytes(raw[: len(raw) // 2])
        times.frombytes(raw[len(raw) // 2 :])
        return ids, times

    def end(self) -> None:
        self._processes.end(self.process)

    def _ask(self, path: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST" if body else "GET", path, body)
            return connection.getresponse().read()
        finally:
            connection.close()
