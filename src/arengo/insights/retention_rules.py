# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long figures are kept, and what they hold of a citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.insights import keeping, people


def register() -> None:
    personal_data.register(
        Holding("insights", _("i giorni in cui ha scritto, nei dati"), export=people.export)
    )
    retention.register(
        RetentionRule(
            "insights.days",
            _("i dati di ogni giorno: quante conversazioni, quanti messaggi, quanta attesa"),
            _("si cancellano"),
            lasts=lambda: keeping.KEPT,
            because=_("Quanto serve a confrontare un anno con i due precedenti."),
            job="insights.count_days",
        ),
        RetentionRule(
            "insights.operators",
            _("i dati per operatore, dove un accordo lo consente"),
            _("si cancellano, anche quando si spengono"),
            lasts=lambda: keeping.KEPT,
            because=_("Quanto serve a confrontare un anno con i due precedenti."),
            job="insights.count_days",
        ),
    )
