# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of changes of opening hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries
from arengo.core.log_entries import Named
from arengo.desk.models import Desk

_VERBS = {
    "desk.changed_holidays": _("ha cambiato le feste in cui lo sportello è chiuso"),
    "desk.changed_notice": _("ha cambiato l’avviso fuori orario"),
    "desk.changed_season": _("ha cambiato una stagione degli orari"),
    "desk.changed_week": _("ha cambiato gli orari della settimana"),
    "desk.closed_days": _("ha deciso una chiusura dello sportello"),
    "desk.ended_emergency": _("ha terminato un’apertura straordinaria"),
    "desk.opened_extra": _("ha deciso un’apertura in più dello sportello"),
    "desk.opened_in_emergency": _("ha aperto lo sportello in via straordinaria"),
    "desk.took_away_closure": _("ha tolto una chiusura dello sportello"),
    "desk.took_away_opening": _("ha tolto un’apertura in più dello sportello"),
    "desk.took_away_season": _("ha tolto una stagione degli orari"),
}
_DETAILS = {"day": _("giorno"), "season": _("stagione"), "until": _("fino a")}


def _desks(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        pk: Named(name, reverse("settings:desk_hours", args=[pk]))
        for pk, name in Desk.objects.filter(pk__in=ids).values_list("pk", "name")
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("desk", _DETAILS)
    log_entries.objects("desk.Desk", _("sportello"), _desks)
