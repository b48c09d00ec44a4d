# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of labels, and what of them is handed out to a citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data
from arengo.core.console.personal_data import Holding
from arengo.desk.labels.models import Labelled


def register() -> None:
    personal_data.register(
        Holding("desk_labels", _("etichette delle conversazioni"), export=_export, erase=_erase)
    )


def _export(contact_id: int) -> dict[str, object]:
    found = Labelled.objects.filter(conversation__contact_id=contact_id, removed_at=None)
    return {
        "conversation_labels": [
            {"conversation": one.conversation_id, "label": one.label.name, "at": one.at.isoformat()}
            for one in found.select_related("label").order_by("at", "id")
        ]
    }


def _erase(contact_id: int) -> None:
    """What somebody asked about tells of them: of an erased citizen no label stays."""
    Labelled.objects.filter(conversation__contact_id=contact_id).delete()
