# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from arengo.audience import privacy
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule

LONGER = timedelta(days=30)  # a mailing's deliveries stay that long after its last one left
EDITS = timedelta(days=30)  # Meta: webhooks are tried for seven days, and a replay may bring them again


def former_addresses() -> timedelta:
    """As long as what was sent there is known."""
    return timedelta(days=settings.ARENGO_DELIVERY_DAYS) + LONGER


def register() -> None:
    personal_data.register(
        Holding(
            "audience",
            _("nome e recapiti, iscrizione, prove"),
            export=privacy.of_citizen,
            readable=privacy.readable,
            amounts=privacy.amounts,
        )
    )
    retention.register(
        RetentionRule(
            "audience.citizens",
            _("nome e recapiti dei cittadini, iscrizioni"),
            _("si cancellano persona per persona, su richiesta"),
        ),
        RetentionRule(
            "audience.consents",
            _("registro di iscrizioni e cancellazioni"),
            _("resta: chi è cancellato non vi ha più nome"),
        ),
        RetentionRule(
            "audience.former_addresses",
            _("numeri che un cittadino aveva prima di cambiarli"),
            _("si cancellano: servono solo a eliminare i dati per intero"),
            lasts=former_addresses,
            setting="ARENGO_DELIVERY_DAYS",
            job="audience.forget_former_addresses",
        ),
        RetentionRule(
            "audience.edits",
            _("che un messaggio è stato modificato, e quando"),
            _("si cancella"),
            lasts=lambda: EDITS,
            job="audience.forget_edits",
        ),
    )
