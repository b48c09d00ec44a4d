# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the proofs hold of a citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.proofs.models import Told
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def hand_out(contact_id: int) -> Parts:
    told = Told.objects.filter(consent__identity__contact=contact_id).select_related("key", "policy", "rules")
    return {
        "answers_to_consents": [
            {
                "at": each.at.isoformat(),
                "text": each.text,
                "privacy_version_shown": each.policy.version if each.policy else None,
                "rules_version_shown": each.rules.version if each.rules else None,
            }
            for each in told.order_by("pk")
        ]
    }


def register() -> None:
    personal_data.register(
        Holding("audience_proofs", _("risposte a iscrizioni e cancellazioni"), export=hand_out)
    )
    retention.register(
        RetentionRule(
            "audience.told",
            _("risposte a iscrizioni e cancellazioni, nel loro registro"),
            _("restano: di chi è cancellato nessuno può più leggerle"),
        )
    )
