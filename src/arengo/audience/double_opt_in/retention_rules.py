# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of joins that are not confirmed, and for how long."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.audience.double_opt_in.models import Pending
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule

LONGEST = timedelta(days=30)  # to confirm, whatever the organization chose


def hand_out(contact_id: int) -> Parts:
    rows = Pending.objects.filter(identity__contact=contact_id).order_by("identity")
    return {
        "joins_to_confirm": [
            {"asked_at": row.at.isoformat(), "expires_at": row.expires_at.isoformat()} for row in rows
        ]
    }


def erase(contact_id: int) -> None:
    Pending.objects.filter(identity__contact=contact_id).delete()


def register() -> None:
    personal_data.register(
        Holding("audience_double_opt_in", _("iscrizioni da confermare"), export=hand_out, erase=erase)
    )
    retention.register(
        RetentionRule(
            "audience.pending",
            _("iscrizioni che aspettano la conferma"),
            _("si cancella quando scade: resta soltanto la riga nel registro delle iscrizioni"),
            lasts=lambda: LONGEST,
            job="audience.forget_pending",
        )
    )
