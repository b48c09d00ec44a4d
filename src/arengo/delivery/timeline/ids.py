# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delivery ids that never come again, also after a restore: they travel with each message and come back in its receipts.

An id is a bigint: 10 bits the installation's mark, 26 bits the minute in which its timeline began, 27 bits that count.
A count that runs over goes on into the minutes, of which each holds 134 million ids: time runs faster. So each new
timeline begins above all ids of earlier ones, also of those that this database has forgotten.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

_MARK_AT, _MINUTE_AT = 53, 27
_MARKS = 1 << 10
_ZERO = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
# Two timelines of one minute, or with a clock that stands wrong, still begin apart with near certainty.
_WITHIN_MINUTE = 1 << (_MINUTE_AT - 1)


def new_mark() -> int:
    """Of an installation: 1 to 1,023, so that two that share a number rarely have the same."""
    return 1 + secrets.randbelow(_MARKS - 1)


def mark_of(delivery_id: int) -> int:
    """The mark of the installation that gave it out; 0 for an id of no installation of ours."""
    return delivery_id >> _MARK_AT


def first_of_timeline(above: int, mark: int | None = None) -> int:
    """Where a timeline that begins now counts from. ``above``: the highest id known."""
    mark = mark or mark_of(above) or new_mark()
    minute = max(0, int((time.time() - _ZERO) // 60))
    base = (mark << _MARK_AT) | (minute << _MINUTE_AT)
    if base <= above:  # several in one minute, or the clock stands wrong
        base = ((above >> _MINUTE_AT) + 1) << _MINUTE_AT
    return base + secrets.randbelow(_WITHIN_MINUTE)
