# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of register numbers with their conversation, and with its citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data
from arengo.core.console.personal_data import Holding
from arengo.desk.protocol.models import Registered


def register() -> None:
    personal_data.register(Holding("desk_protocol", _("numeri di protocollo"), export=_export))


def _export(contact_id: int) -> dict[str, object]:
    """The number itself names nobody: it stays after an erasure, since the register keeps what it holds."""
    found = Registered.objects.filter(conversation__contact_id=contact_id).order_by("day", "id")
    return {
        "registered": [
            {"conversation": one.conversation_id, "number": one.number, "day": one.day.isoformat()}
            for one in found
        ]
    }


def conversations_merged(kept_id: int, gone_id: int) -> None:
    known = Registered.objects.filter(conversation_id=kept_id).values("number")
    Registered.objects.filter(conversation_id=gone_id).exclude(number__in=known).update(
        conversation_id=kept_id
    )
