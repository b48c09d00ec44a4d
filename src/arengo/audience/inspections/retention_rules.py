# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What archives of proofs keep, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.inspections import verbs
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def hand_out(contact_id: int) -> Parts:
    """Nothing of its own: each line is a copy of what the log of consents hands out."""
    return {}


def erase(contact_id: int) -> None:
    """An archive that may name them goes whole: another one can be made without them."""
    verbs.drop_pieces()


def register() -> None:
    personal_data.register(
        Holding(
            "audience_inspections", _("archivi di tutte le prove"), export=hand_out, erase=erase, copies=True
        )
    )
    retention.register(
        RetentionRule(
            "audience.inspections",
            _("archivi di tutte le prove, per le ispezioni"),
            _("si cancellano: resta chi li ha chiesti e chi li ha scaricati"),
            lasts=lambda: verbs.KEPT,
            because=_("Sono copie: si possono rifare."),
            job="audience.forget_inspections",
        )
    )
