# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.room("insights", _("i dati"), order=65)
    log_entries.verbs(
        {
            "insights.switched_on": _("ha acceso i dati per operatore"),
            "insights.removed_operators": _("ha spento i dati per operatore"),
            "insights.counted_again": _("ha fatto ricontare i giorni passati"),
        }
    )
    log_entries.details(
        "insights",
        {
            "agreed_on": _("data dell’accordo"),
            "agreement": _("accordo"),
            "first": _("dal giorno"),
            "last": _("al giorno"),
        },
    )
