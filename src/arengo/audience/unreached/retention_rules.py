# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of numbers that are not reached."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.unreached.models import Miss
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def hand_out(contact_id: int) -> Parts:
    misses = Miss.objects.filter(identity__contact=contact_id).order_by("identity")
    return {
        "not_reached": [
            {
                "times": miss.times,
                "invalid": miss.invalid,
                "first_at": miss.first_at.isoformat(),
                "last_at": miss.last_at.isoformat(),
            }
            for miss in misses
        ]
    }


def erase(contact_id: int) -> None:
    Miss.objects.filter(identity__contact=contact_id).delete()


def register() -> None:
    personal_data.register(
        Holding("audience_unreached", _("invii che non l’hanno raggiunta"), export=hand_out, erase=erase)
    )
    retention.register(
        RetentionRule(
            "audience.unreached",
            _("quanti invii di seguito non hanno raggiunto un numero"),
            _("si cancella appena un invio arriva, la persona scrive, o esce dalla lista"),
        )
    )
