# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of the directory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.directory.models import DirectoryEntry


def _state() -> State:
    there = DirectoryEntry.objects.count()
    return State(ngettext("%(many)d voce", "%(many)d voci", there) % {"many": there})


def register() -> None:
    pages.register("arengo.desk.directory.settings_urls")
    cards.register(
        Card(
            "settings:directory",
            "link",
            _("Rubrica"),
            _("Uffici, servizi e moduli con luogo, orari, telefono e pagina: si inseriscono nelle risposte."),
            order=27,
            state=_state,
        )
    )
