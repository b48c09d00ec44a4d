# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waiting for what must come. A limit here says «never», not «slowly»: how busy the machine is decides no test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

NEVER = 240.0  # seconds; what has not come by then does not come
T = TypeVar("T")


def until(found: Callable[[], T], what: str | Callable[[], str] = "what was waited for") -> T:
    """What ``found`` returns once it is true; ``what`` says what is missing if it never is."""
    deadline = time.monotonic() + NEVER
    while not (result := found()):
        if time.monotonic() > deadline:
            raise AssertionError(f"after {NEVER:.0f} s: {what() if callable(what) else what}")
        time.sleep(0.01)
    return result
