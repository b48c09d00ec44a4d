# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of sent redirects with their conversation, and with its citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data
from arengo.core.console.personal_data import Holding
from arengo.desk.redirects.models import Redirected


def register() -> None:
    personal_data.register(
        Holding("desk_redirects", _("rimandi al sistema di segnalazione"), export=_export, erase=_erase)
    )


def _export(contact_id: int) -> dict[str, object]:
    found = Redirected.objects.filter(conversation__contact=contact_id).select_related("redirect")
    return {
        "redirects": [
            {"at": one.at.isoformat(), "category": one.redirect.name} for one in found.order_by("at", "pk")
        ]
    }


def _erase(contact_id: int) -> None:
    """What somebody reported tells of them: the row goes. Figures of days that are past are lower by it."""
    Redirected.objects.filter(conversation__contact=contact_id).delete()


def conversations_merged(kept_id: int, gone_id: int) -> None:
    Redirected.objects.filter(conversation=gone_id).update(conversation_id=kept_id)
