# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of the settings."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.portal.posters.models import Place


def register() -> None:
    pages.register("arengo.portal.posters.settings_urls")
    cards.register(
        Card(
            "settings:places",
            "map-marker",
            _("Luoghi dei codici QR"),
            _("Un codice per ogni luogo in cui lo appendi: si vede da dove arriva chi si iscrive."),
            order=35,
            state=_state,
        )
    )


def _state() -> State:
    number = Place.objects.filter(active=True).count()
    if not number:
        return State(gettext("nessuno"))
    return State(ngettext("%(n)d luogo", "%(n)d luoghi", number) % {"n": number})
