# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road in is doing now: what waits in the journal, how long, what could not be read, how much was read lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from arengo.core.tally import WEBHOOKS, Count, Told
from arengo.intake.models import Journal

MOST_COUNTED = 100_000  # rows; beyond it the number says nothing more: the age does


@dataclass(frozen=True)
class JournalStatus:
    waiting: int  # rows not read yet, counted up to MOST_COUNTED
    oldest: datetime | None  # when the first of them arrived
    marked: dict[
        int, int
    ]  # by sender: rows of which something could not be read, and nobody has looked at them
    read: Count  # by the workers that live

    @property
    def about(self) -> bool:
        return self.waiting == MOST_COUNTED

    def behind(self, now: datetime) -> timedelta:
        """How long the oldest row waits: nothing when none does."""
        return max(timedelta(0), now - (self.oldest or now))


def read(told: Told) -> JournalStatus:
    """Of the whole installation. Both questions have a partial index that holds nothing but their answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM intake_journal WHERE state = 0 ORDER BY id LIMIT %s) AS waiting",
            [MOST_COUNTED],
        )
        counted = cursor.fetchone()
        cursor.execute("SELECT received_at FROM intake_journal WHERE state = 0 ORDER BY id LIMIT 1")
        first = cursor.fetchone()
        cursor.execute(
            "SELECT sender_id, count(*) FROM intake_journal WHERE state = %s GROUP BY sender_id",
            [int(Journal.State.MARKED)],
        )
        marked = {int(sender_id): int(number) for sender_id, number in cursor.fetchall()}
    return JournalStatus(
        waiting=int(counted[0]) if counted else 0,
        oldest=first[0] if first else None,
        marked=marked,
        read=told.count(WEBHOOKS, 0),
    )
