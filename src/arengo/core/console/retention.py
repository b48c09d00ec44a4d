# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each room keeps, for how long, and what becomes of it: each room registers its own, from its AppConfig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise


@dataclass(frozen=True)
class RetentionRule:
    """``name`` is «room.thing». ``words`` and ``after`` are for a list on screen: what it is, and what becomes of it.

    ``lasts`` is asked anew each time, since a setting may decide; None: for as long as the organization wants it.
    ``setting``: the variable of the environment that decides, whose default stands in ``config/environment.py``; "" where
    nobody may choose. ``job``: the periodic task that takes it away, «room.function»; "" where something else does.
    """

    name: str
    words: str | Promise
    after: str | Promise
    lasts: Callable[[], timedelta] | None = None
    setting: str = ""
    job: str = ""


_kept: dict[str, RetentionRule] = {}


def register(*things: RetentionRule) -> None:
    _kept.update({each.name: each for each in things})


def kept() -> list[RetentionRule]:
    """All there is, in the order of registration: lower rooms first."""
    return list(_kept.values())
