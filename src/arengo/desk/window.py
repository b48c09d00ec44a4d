# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reply window: for how long the citizen may still be answered freely."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from arengo.desk.models import Conversation

WINDOW = timedelta(hours=24)  # Meta: customer service window, from the user's last message


def window(conversation: Conversation, *, now: datetime | None = None) -> timedelta | None:
    """What is left of it; None when it is shut, or never was open."""
    wrote_at = conversation.citizen_wrote_at
    if wrote_at is None or conversation.identity_id is None:
        return None
    left = wrote_at + WINDOW - (now or timezone.now())
    return left if left > timedelta(0) else None


def window_ends(conversation: Conversation) -> datetime | None:
    """None when it never was open."""
    wrote_at = conversation.citizen_wrote_at
    return None if wrote_at is None else wrote_at + WINDOW
