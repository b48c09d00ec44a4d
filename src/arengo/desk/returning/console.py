# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of those who write again."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core import log_entries
from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.returning.coming_back import days


def register() -> None:
    log_entries.verbs(
        {
            "desk.changed_returning": _(
                "ha cambiato dopo quanti giorni chi riscrive apre un’altra conversazione"
            )
        }
    )
    pages.register("arengo.desk.returning.settings_urls")
    cards.register(
        Card(
            "settings:returning",
            "restore",
            _("Chi riscrive"),
            _("Se il messaggio di un cittadino riapre la conversazione chiusa da poco o ne apre un’altra."),
            order=24,
            state=_state,
        )
    )


def _state() -> State:
    number = days()
    if not number:
        return State(gettext("una conversazione nuova"))
    return State(ngettext("riapre entro %(n)d giorno", "riapre entro %(n)d giorni", number) % {"n": number})
