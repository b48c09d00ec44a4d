# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments of a test, in minutes from one that is its own: ``begin`` is called when it starts (conftest), not when its file is read.

What the desk forgets or refuses for its age would else depend on how many tests ran before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

_BEFORE = timedelta(hours=1)  # room for an hour of minutes before the test itself
_zero: list[datetime] = []


def begin() -> None:
    _zero[:] = [timezone.now().replace(microsecond=0) - _BEFORE]


def at(minutes: float) -> datetime:
    """The same for the same number, as long as one test runs."""
    return _zero[0] + timedelta(minutes=minutes)
