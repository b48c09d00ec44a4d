# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What WhatsApp's codes mean for something that a person sent us: ``refusals`` speaks of what we send.

A file is held to be lost only when WhatsApp says so beyond doubt. «Does not exist» (100) is also its answer to an access
without permissions, and a token that is wrong is replaced some day: until then the file is there.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.platforms import refusing
from arengo.platforms.contract import FileTrouble, Remedy
from arengo.platforms.whatsapp import refusals

_UNKNOWN_OBJECT = 100
_NOT_DOWNLOADED = 131052  # Meta: of what people send, a file of more than 100 MB
_STILL_THERE = frozenset({Remedy.RETRY, Remedy.RETRY_LATER, Remedy.STOP_SENDER, Remedy.PAIR})

_ACCESS = _(
    "Il codice di accesso a WhatsApp è scaduto o non è più valido: senza, i file non si possono scaricare. Chi "
    "amministra Arengo ne inserisce uno nuovo nelle impostazioni del mittente."
)
_PERMISSION = _(
    "L’accesso a WhatsApp non ha i permessi per scaricare i file. Chi amministra l’account WhatsApp deve assegnarli "
    "di nuovo."
)
_LOCKED = _("Meta ha sospeso l’account WhatsApp. Chi lo amministra deve aprire WhatsApp Manager.")
_BUSY = _("WhatsApp ha avuto un problema passeggero.")
_FAST = _("WhatsApp chiede di aspettare: le richieste sono troppe.")
_KIND = _("WhatsApp non consegna questo tipo di messaggio. Se serve, chiedere al cittadino di scriverlo.")

_WORDS: dict[int, str | Promise] = {
    refusals.NO_CODE: _("WhatsApp non ha risposto, o non in modo comprensibile."),
    1: _BUSY,
    2: _BUSY,
    3: _PERMISSION,
    4: _FAST,
    10: _PERMISSION,
    refusals.DELETED_NUMBER: _(
        "Il numero del mittente non esiste più su WhatsApp. Controllare l’identificativo nelle impostazioni."
    ),
    _UNKNOWN_OBJECT: _(
        "WhatsApp risponde che il file non c’è, oppure che il nostro accesso non permette di averlo."
    ),
    refusals.EXPIRED: _ACCESS,
    368: _LOCKED,
    80007: _FAST,
    130429: _FAST,
    130501: _KIND,
    131000: _BUSY,
    131005: _PERMISSION,
    131016: _BUSY,
    131031: _LOCKED,
    131051: _KIND,
    _NOT_DOWNLOADED: _(
        "WhatsApp non consegna questo file: supera i 100 MB, o non si lascia scaricare. Chiedere al cittadino di "
        "inviarlo più piccolo o in più parti, oppure per un’altra strada."
    ),
    131060: _(
        "WhatsApp in questo momento non può mostrare il messaggio. Chiedere al cittadino di scriverlo."
    ),
    131062: _KIND,
}


def is_file(code: int) -> bool:
    """Whether a code in the place of a message's content speaks of its file."""
    return code == _NOT_DOWNLOADED


class Received:
    kept = timedelta(days=7)  # Meta: media ids of webhooks

    def trouble(self, code: int, remedy: str) -> FileTrouble:
        if code == refusing.FILE_TOO_LARGE:
            return FileTrouble.TOO_LARGE
        if code in (refusing.FILE_MISSING, _UNKNOWN_OBJECT):
            return FileTrouble.MISSING
        if code == _NOT_DOWNLOADED:
            return FileTrouble.REFUSED
        if code in refusing.WORDS or remedy in _STILL_THERE:
            return FileTrouble.WAIT
        return FileTrouble.DOUBT

    def lost(self, code: int) -> FileTrouble | None:
        return FileTrouble.TOO_LARGE if is_file(code) else None

    def explain(self, code: int) -> str:
        if code in refusing.WORDS:
            return refusing.explain(code)
        if code in range(200, 300):
            return str(_PERMISSION)
        words = _WORDS.get(code)
        if words is None:
            return str(_("WhatsApp ha rifiutato, con il codice %(code)d.")) % {"code": code}
        return str(words)
