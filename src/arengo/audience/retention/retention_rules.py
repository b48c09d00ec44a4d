# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long it is known who left the list."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.audience.retention.leaving import Leavers
from arengo.audience.retention.models import Hold
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.core.retention.aging import Aging

LEFT = timedelta(days=730)  # italia.md 6.1: the log of who left, 24 months
HOLDS = timedelta(days=730)


def _hand_out(contact_id: int) -> Parts:
    """That their data are held, and until when; why is in the words of the staff."""
    found = Hold.objects.filter(contact=contact_id).order_by("at")
    return {
        "holds": [
            {
                "at": one.at.isoformat(),
                "reason": one.reason,
                "until": one.until.isoformat() if one.until else None,
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
            }
            for one in found
        ]
    }


def _erase(contact_id: int) -> None:
    Hold.objects.filter(contact=contact_id).delete()


def register() -> None:
    personal_data.register(
        Holding("audience_retention", _("blocchi della cancellazione"), export=_hand_out, erase=_erase)
    )
    retention.register(
        RetentionRule(
            "audience.left",
            _("nome, numero e prove di chi è uscito dalla lista"),
            _("si cancellano, se non resta nessun suo messaggio; le prove restano, senza dire di chi"),
            lasts=lambda: LEFT,
            job=NIGHTLY,
            bounds=Bounds(30, 3650, order=40),
            forgets=Leavers(),
        ),
        RetentionRule(
            "audience.holds",
            _("blocchi della cancellazione, dopo che sono finiti"),
            _("si cancellano; il registro dice chi li ha messi e tolti"),
            lasts=lambda: HOLDS,
            job=NIGHTLY,
            because=_("Come le richieste dei cittadini: serve a rispondere di ciò che non si è cancellato."),
            forgets=Aging(
                lambda: Hold.objects.filter(ended_at__isnull=False), at="ended_at", person="contact"
            ),
        ),
    )
