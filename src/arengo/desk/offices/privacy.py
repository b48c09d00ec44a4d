# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of questions to offices with their conversation, with its citizen, and with time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data
from arengo.core.console.personal_data import Holding
from arengo.desk.offices.models import Question


def register() -> None:
    personal_data.register(Holding("desk_offices", _("domande agli uffici"), export=_export, erase=_erase))


def _export(contact_id: int) -> dict[str, object]:
    found = Question.objects.filter(conversation__contact_id=contact_id).order_by("id")
    return {
        "questions_to_offices": [
            {
                "conversation": one.conversation_id,
                "at": one.at.isoformat(),
                "office": one.office,
                "text": one.text,
            }
            for one in found
        ]
    }


def _erase(contact_id: int) -> None:
    """The links serve no more: nothing comes back about who was erased."""
    Question.objects.filter(conversation__contact_id=contact_id).delete()


def conversations_merged(kept_id: int, gone_id: int) -> None:
    Question.objects.filter(conversation_id=gone_id).update(conversation_id=kept_id)
