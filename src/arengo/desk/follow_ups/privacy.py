# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of follow-ups with their conversation, and with its citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data
from arengo.core.console.personal_data import Holding
from arengo.desk.follow_ups.models import FollowUp


def register() -> None:
    personal_data.register(
        Holding("desk_follow_ups", _("giorni in cui seguire una conversazione"), erase=_erase)
    )


def _erase(contact_id: int) -> None:
    FollowUp.objects.filter(conversation__contact_id=contact_id).delete()


def conversations_merged(kept_id: int, gone_id: int) -> None:
    """The kept one's own stays; else that of the other moves."""
    if not FollowUp.objects.filter(conversation_id=kept_id, done_at=None).exists():
        moved = FollowUp.objects.filter(conversation_id=gone_id, done_at=None)
        if moved.exists():
            FollowUp.objects.filter(conversation_id=kept_id).delete()
            moved.update(conversation_id=kept_id)
