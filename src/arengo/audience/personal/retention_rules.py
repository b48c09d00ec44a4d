# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long links stay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.personal import links
from arengo.audience.personal.models import PersonalLink
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def _hand_out(contact_id: int) -> Parts:
    found = PersonalLink.objects.filter(identity__contact=contact_id).order_by("pk")
    return {
        "personal_links": [
            {
                "made_at": link.made_at.isoformat(),
                "opened_at": link.opened_at.isoformat() if link.opened_at else None,
            }
            for link in found
        ]
    }


def register() -> None:
    personal_data.register(
        Holding("audience_personal", _("collegamenti alla pagina personale"), export=_hand_out)
    )
    retention.register(
        RetentionRule(
            "audience.personal_links",
            _("collegamenti alla pagina personale di un cittadino"),
            _("si cancellano"),
            lasts=lambda: links.VALID + links.STAYS,
            because=_("Dopo non aprono più niente."),
            job="audience.forget_personal_links",
        )
    )
