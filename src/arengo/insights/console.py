# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this room: its tab, and its page of the settings."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.console import cards, pages, tabs
from arengo.core.console.cards import Card, State
from arengo.core.console.tabs import Tab
from arengo.core.models import Role
from arengo.insights.models import OperatorAgreement


def register() -> None:
    tabs.register(
        Tab(_("Dati"), "insights:figures", "it-chart-line", (Role.OPERATOR, Role.AUDITOR), order=50)
    )
    pages.register("arengo.insights.settings_urls")
    cards.register(
        Card(
            "settings:insights",
            "chart-line",
            _("Dati"),
            _(
                "Se contare anche per operatore: serve l’accordo che la legge chiede. Ricontare i giorni passati."
            ),
            order=95,
            state=_state,
        )
    )


def _state() -> State:
    on = OperatorAgreement.objects.exists()
    return State(gettext("per operatore: acceso") if on else gettext("per operatore: spento"))
