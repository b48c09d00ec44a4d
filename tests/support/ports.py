# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ports for processes that must be told theirs before they listen."""

from __future__ import annotations

import os
import random
import socket

# Below the ports that the kernel gives away by itself, so that no connection takes one between choice and use; and
# each of the processes that run tests side by side chooses among its own.
_FIRST, _EACH = 12_000, 2_000


def free_port() -> int:
    """A port that nobody uses now."""
    first = _FIRST + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8 * _EACH
    while True:
        port = first + random.randrange(_EACH)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
