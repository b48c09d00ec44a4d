# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this capability keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.linking import codes, verbs
from arengo.audience.linking.models import LinkCode
from arengo.audience.models import Identity
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def _hand_out(contact_id: int) -> Parts:
    return {
        "linked_chats": [
            {
                "since": link.at.isoformat(),
                "platforms": [link.preferred.platform, link.other.platform],
                "received_on": link.preferred.platform,
            }
            for link in verbs.of_contact(contact_id)
        ]
    }


def _erase(contact_id: int) -> None:
    """``privacy.erase`` undid the links before all else, so that the other chat has its own subscription again."""
    LinkCode.objects.filter(identity__contact=contact_id).delete()
    verbs.undo(Identity.objects.filter(contact=contact_id))


def register() -> None:
    personal_data.register(Holding("audience_linking", _("chat collegate"), export=_hand_out, erase=_erase))
    retention.register(
        RetentionRule(
            "audience.link_codes",
            _("codici per collegare due chat"),
            _("si cancellano"),
            lasts=lambda: codes.VALID,
            job="audience.forget_link_codes",
        )
    )
