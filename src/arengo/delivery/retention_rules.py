# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.delivery.limits import ceilings

_JOB = "delivery.forget_deliveries"


def deliveries() -> timedelta:
    return timedelta(days=settings.ARENGO_DELIVERY_DAYS)


def register() -> None:
    # Rows are found by address (cancellation.py); what was said in a conversation is handed out by the desk.
    personal_data.register(Holding("delivery", _("che cosa le è stato inviato, e con quale esito")))
    retention.register(
        RetentionRule(
            "delivery.mailings",
            _("a chi è andato un invio alla lista, e con quale esito per ciascuno"),
            _("si cancella; restano i totali e i motivi di ciò che non è riuscito"),
            lasts=deliveries,
            setting="ARENGO_DELIVERY_DAYS",
            job=_JOB,
        ),
        RetentionRule(
            "delivery.singles",
            _("destinatario e testo di un singolo messaggio nella coda degli invii"),
            _("si cancellano; resta l’esito, che la conversazione mostra"),
            lasts=deliveries,
            setting="ARENGO_DELIVERY_DAYS",
            job=_JOB,
        ),
        RetentionRule(
            "delivery.people_of_a_day",
            _(
                "chi ha scritto e a chi si è scritto di recente, per il limite di persone al giorno: impronte dei numeri"
            ),
            _("si cancella"),
            lasts=lambda: ceilings.PEOPLE_KEPT,
            job=_JOB,
        ),
        RetentionRule(
            "delivery.evidence",
            _("in quale secondo è partito ogni messaggio, per capire che cosa è successo a quelli incerti"),
            _("si cancella"),
            lasts=lambda: ceilings.ACCEPTANCES_KEPT,
            job=_JOB,
        ),
    )
