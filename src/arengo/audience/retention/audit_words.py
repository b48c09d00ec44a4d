# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of holds, and where periods stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.console import retention
from arengo.core.log_entries import Named
from arengo.core.retention.models import RetentionPeriod


def _periods(ids: Collection[int]) -> Mapping[int, Named]:
    page, rules = reverse("audience:retention"), {rule.name: rule for rule in retention.kept()}
    return {
        row.pk: Named(
            gettext("conservazione: %(what)s")
            % {"what": str(rules[row.rule].words) if row.rule in rules else row.rule},
            page,
        )
        for row in RetentionPeriod.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(
        {
            "audience.placed_hold": _("ha bloccato la cancellazione dei dati di un cittadino"),
            "audience.released_hold": _("ha tolto il blocco dai dati di un cittadino"),
            "audience.hold_ended": _("ha fatto finire, al suo giorno, il blocco dei dati di un cittadino"),
            "audience.erasure_waits": _(
                "ha segnato una richiesta di cancellazione che aspetta la fine di un blocco"
            ),
        }
    )
    log_entries.details("audience", {"hold": _("blocco"), "until": _("fino al")})
    log_entries.objects("core_retention.RetentionPeriod", _("tempo di conservazione"), _periods)
