# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of requests about a citizen's data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.rights.models import Check, Right, Way
from arengo.core import log_entries


def register() -> None:
    log_entries.verbs(
        {
            "audience.recorded_request": _("ha segnato la richiesta di un cittadino sui suoi dati"),
            "audience.closed_request": _("ha chiuso una richiesta che non serviva più"),
            "audience.sent_code": _("ha mandato a un cittadino il codice per verificare chi è"),
            "audience.corrected_name": _("ha corretto il nome di un cittadino, su sua richiesta"),
            "audience.listed_touched": _("ha scaricato l’elenco delle persone toccate da una violazione"),
            "audience.objected": _("ha segnato che un cittadino si oppone agli avvisi"),
        }
    )
    log_entries.details(
        "audience",
        {"right": _("che cosa"), "way": _("come l’ha chiesto"), "check": _("come si è verificato chi è")},
    )
    log_entries.values(
        "audience",
        {
            "account": _("chi ha visto un account"),
            "wrote": _("chi ha scritto in quel tempo"),
            "all": _("tutte le persone"),
        },
    )
    values = (*Right.choices, *Way.choices, *Check.choices)
    log_entries.values("audience", {str(value): label for value, label in values})
