# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of a follow-up when its conversation is closed, and when the closing is undone. Of conversations that are locked."""

from __future__ import annotations

from datetime import datetime

from arengo.desk.follow_ups.models import FollowUp
from arengo.desk.models import Conversation


def closed(held: Conversation) -> None:
    """Nothing is left to do at its day, or since."""
    FollowUp.objects.filter(conversation=held, done_at=None).update(done_at=held.closed_at)


def closing_undone(held: Conversation, closed_at: datetime | None) -> None:
    """What that closing ended is to be followed up as before."""
    if closed_at is not None:
        FollowUp.objects.filter(conversation=held, done_at=closed_at).update(done_at=None)
