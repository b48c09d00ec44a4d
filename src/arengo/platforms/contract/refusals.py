# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a platform did not take a message, and what follows from it."""

from __future__ import annotations

import enum

from arengo.platforms.redaction import without_ids


class Remedy(enum.StrEnum):
    """What the engine does about a refusal. A platform decides which; the engine acts on it."""

    RETRY = "retry"  # at once with backoff: the platform was busy or broken
    RETRY_LATER = "retry_later"  # not before ``Refusal.retry_after``
    PAIR = "pair"  # too many to this one person: they wait, longer each time; nobody else does
    NEXT_DAY = "next_day"  # not to this person today; a day later once more
    NEVER = "never"  # this message to this person will not go
    STOP_SENDER = "stop_sender"  # nothing of this sender will go until a person mends it
    WINDOW_CLOSED = "window_closed"  # only an approved template may go now
    OPTED_OUT = "opted_out"  # the person asked the platform for silence


class Refusal(Exception):
    """The platform said no (or nothing). ``certain`` is False when it may have accepted all the same.

    ``code`` is the platform's own (0 for none: connection refused, timeout). ``details`` is the platform's
    text, shown to staff; it holds no personal data: ids with a number inside are taken out here, numbers by the platform's
    folder. ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        remedy: Remedy,
        *,
        code: int = 0,
        title: str = "",
        details: str = "",
        retry_after: float | None = None,
        certain: bool = True,
        slow_down: bool = False,
    ) -> None:
        super().__init__(f"{remedy}: {code} {without_ids(title)}")
        self.remedy = remedy
        self.code = code
        self.title = without_ids(title)
        self.details = without_ids(details)
        self.retry_after = retry_after
        self.certain = certain
        self.slow_down = slow_down
