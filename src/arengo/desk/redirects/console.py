# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of redirects."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.redirects.models import Redirect, RedirectSettings


def register() -> None:
    pages.register("arengo.desk.redirects.settings_urls")
    cards.register(
        Card(
            "settings:redirects",
            "external-link",
            _("Rimandi alle segnalazioni"),
            _("Segnalazioni e reclami non si prendono allo sportello: dove si mandano, per categoria."),
            order=25,
            state=_state,
        )
    )


def _state() -> State:
    if not RedirectSettings.objects.exists():
        return State(gettext("indirizzo da scrivere"))
    number = Redirect.objects.filter(active=True).count()
    return State(ngettext("%(n)d categoria", "%(n)d categorie", number) % {"n": number})
