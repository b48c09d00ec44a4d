# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road in is doing now: what waits in the journal, how long, what could not be read, how much was read lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from arengo.core.process_metrics import WEBHOOKS, Count, MetricsSnapshot
from arengo.intake.sql import statement

MOST_COUNTED = 10_000  # rows: some milliseconds


@dataclass(frozen=True)
class JournalStatus:
    waiting: int  # rows not read yet
    about: bool  # more than are counted: what was written since the first of them
    oldest: datetime | None  # when the first of them arrived
    marked: dict[
        int, int
    ]  # by sender: rows of which something could not be read, and nobody has looked at them
    read: Count  # by the workers that live

    @property
    def unread(self) -> int:
        return sum(self.marked.values())

    def behind(self, now: datetime) -> timedelta:
        """How long the oldest row waits: nothing when none does."""
        return max(timedelta(0), now - (self.oldest or now))


def read(metrics: MetricsSnapshot) -> JournalStatus:
    """Of the whole installation. Each question has a partial index that holds nothing but its answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement("count_waiting"), {"most": MOST_COUNTED})
        waiting, oldest, since = cursor.fetchone() or (0, None, 0)
        cursor.execute(statement("count_behind"), {"most": MOST_COUNTED})
        waits_behind, behind = cursor.fetchone() or (0, None)
        waiting += waits_behind
        cursor.execute(statement("count_marked"))
        marked = {int(sender_id): int(number) for sender_id, number in cursor.fetchall()}
    return JournalStatus(
        waiting=max(waiting, int(since)) if waiting >= MOST_COUNTED else waiting,
        about=waiting >= MOST_COUNTED,
        oldest=min(filter(None, (oldest, behind)), default=None),
        marked=marked,
        read=metrics.count(WEBHOOKS, 0),
    )
