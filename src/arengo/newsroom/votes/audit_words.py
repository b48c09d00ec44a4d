# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of polls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.opened_poll": _("ha aperto un sondaggio"),
    "newsroom.closed_poll": _("ha chiuso un sondaggio prima del tempo"),
    "newsroom.counted_poll": _("ha contato i voti di un sondaggio"),
    "newsroom.lost_poll": _("non ha trovato la chiave di un sondaggio: i voti non si possono contare"),
    "newsroom.changed_poll_words": _("ha cambiato le parole dei sondaggi"),
}
_DETAILS = {"key": _("segno della chiave"), "statement": _("segno del risultato"), "votes": _("voti")}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("newsroom", _DETAILS)
