# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from arengo.audience import privacy
from arengo.audience.models import Edited, FormerAddress
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import NIGHTLY, RetentionRule
from arengo.core.retention import periods
from arengo.core.retention.aging import Aging
from arengo.core.scope import is_of_one_organization

LONGER = timedelta(days=30)  # a mailing's deliveries stay that long after its last one left
EDITS = timedelta(days=30)  # Meta: webhooks are tried for seven days, and a replay may bring them again


def former_addresses() -> timedelta:
    """As long as what was sent there is known: to the scope's organization, else to any of the installation."""
    longest = settings.ARENGO_DELIVERY_DAYS
    if is_of_one_organization():
        longest = max(periods.days("delivery.mailings"), periods.days("delivery.singles"))
    return timedelta(days=longest) + LONGER


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
            job=NIGHTLY,
            because=_("Trenta giorni più di ciò che è stato mandato lì."),
            forgets=Aging(FormerAddress.objects.all, at="until", person="contact"),
        ),
        RetentionRule(
            "audience.edits",
            _("che un messaggio è stato modificato, e quando"),
            _("si cancella"),
            lasts=lambda: EDITS,
            job=NIGHTLY,
            because=_("Dopo, la piattaforma non porta più il messaggio."),
            forgets=Aging(Edited.objects.all, at="at", person="identity__contact"),
        ),
    )
