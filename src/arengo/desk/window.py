# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reply window: for how long the citizen may still be answered freely. Not every platform has one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from arengo.desk.models import Conversation
from arengo.platforms.registry import platform

# A file of ours that does not get through where nothing shuts: somebody looks at it after so long.
_WITHOUT_END = timedelta(days=1)


def length(conversation: Conversation) -> timedelta | None:
    """From the citizen's last message; None: the platform sets no end."""
    return platform(conversation.sender.platform).can.window


def is_open(conversation: Conversation, *, now: datetime | None = None) -> bool:
    """Whether the citizen may be answered freely now."""
    if conversation.identity_id is None:
        return False
    return length(conversation) is None or window(conversation, now=now) is not None


def window(conversation: Conversation, *, now: datetime | None = None) -> timedelta | None:
    """What is left of it; None when it is shut, never was open, or has no end."""
    ends = window_ends(conversation)
    if ends is None or conversation.identity_id is None:
        return None
    left = ends - (now or timezone.now())
    return left if left > timedelta(0) else None


def window_ends(conversation: Conversation) -> datetime | None:
    """None when it never was open, or has no end."""
    wrote_at, lasts = conversation.citizen_wrote_at, length(conversation)
    return None if wrote_at is None or lasts is None else wrote_at + lasts


def worth_trying_until(conversation: Conversation) -> datetime | None:
    """How long a file of ours is tried: as long as the citizen may be answered, or a day."""
    if length(conversation) is None:
        return timezone.now() + _WITHOUT_END
    return window_ends(conversation)
