# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of labels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.labels.models import Label


def register() -> None:
    pages.register("arengo.desk.labels.settings_urls")
    cards.register(
        Card(
            "settings:labels",
            "bookmark",
            _("Etichette"),
            _("Le parole con cui lo sportello raccoglie le conversazioni: per ufficio, per argomento."),
            order=22,
            state=_state,
        )
    )


def _state() -> State:
    number = Label.objects.filter(active=True).count()
    return State(ngettext("%(n)d etichetta", "%(n)d etichette", number) % {"n": number})
