# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of the settings, and the words of the log."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience import basis_words
from arengo.audience.basis import Basis
from arengo.audience.terms.settings_views import notice_lags, question_is_off
from arengo.core import log_entries
from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State


def _state() -> State:
    if question_is_off():
        return State(gettext("la domanda di conferma è spenta: nessuno può iscriversi"), "warning")
    if notice_lags():
        return State(gettext("l’informativa dice un’altra base giuridica"), "warning")
    if basis_words.current() is Basis.TASK:
        return State(gettext("compito di interesse pubblico"))
    return State(gettext("consenso"))


def register() -> None:
    pages.register("arengo.audience.terms.settings_urls")
    cards.register(
        Card(
            "settings:terms",
            "file",
            _("Condizioni dell’iscrizione"),
            _("Su quale base giuridica si regge la lista, da quale età ci si iscrive."),
            order=30,
            state=_state,
        )
    )
    log_entries.verbs({"audience.changed_terms": _("ha cambiato le condizioni dell’iscrizione")})
