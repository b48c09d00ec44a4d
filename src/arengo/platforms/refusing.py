# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Refusals of Arengo's own, the same for every platform. Their codes are negative, which no platform's are.

A platform's ``explain`` gives ``explain`` of this module for them.
"""

from __future__ import annotations

from django.utils.functional import Promise

from arengo.core.sentences import gettext_lazy as _
from arengo.platforms.contract.refusals import Refusal, Remedy

NOT_PUBLIC = -1
OTHER_ORIGIN = -2
TOO_LARGE = -3
UNREADABLE = -4
UNTOLD = -5
OWN_FAULT = -6
NOBODY_ANSWERED = -7
UNABLE = -8
FILE_TOO_LARGE = -20
FILE_MISSING = -21
FILE_ELSEWHERE = -22
FILE_DAMAGED = -23

WORDS: dict[int, str | Promise] = {
    NOT_PUBLIC: _(
        "L’indirizzo del fornitore porta a una rete privata o riservata, e Arengo non vi si collega. Correggerlo "
        "nelle impostazioni del mittente, oppure chiedere a chi gestisce l’installazione di consentirlo "
        "(ARENGO_ALLOWED_ADDRESSES)."
    ),
    OTHER_ORIGIN: _(
        "Token e chiavi del mittente sono stati inseriti per un altro indirizzo, e Arengo non li invia a questo. "
        "Inserirli di nuovo nelle impostazioni del mittente."
    ),
    TOO_LARGE: _(
        "La risposta del fornitore è troppo grande e non è stata letta. Controllare l’indirizzo del fornitore "
        "nelle impostazioni del mittente."
    ),
    UNREADABLE: _(
        "La risposta del fornitore è in una forma che Arengo non legge. Controllare l’indirizzo del fornitore nelle "
        "impostazioni del mittente."
    ),
    UNTOLD: _(
        "Il fornitore segnala un errore senza indicarne il codice. Se ha dato una spiegazione, è qui accanto; gli altri "
        "messaggi partono lo stesso."
    ),
    OWN_FAULT: _(
        "Un errore di Arengo ha impedito di preparare questo messaggio: non è partito. Segnalarlo a chi gestisce "
        "l’installazione."
    ),
    NOBODY_ANSWERED: _(
        "Per un giorno intero nessuno ha risposto all’indirizzo del fornitore, e Arengo ha smesso di riprovare: il "
        "messaggio non è partito. Controllare il collegamento a Internet del server e l’indirizzo del fornitore, poi "
        "inviare di nuovo."
    ),
    UNABLE: _("Questa piattaforma non lo prevede."),
    FILE_TOO_LARGE: _(
        "Il file è troppo grande. Chiedere al cittadino di inviarlo più piccolo o in più parti."
    ),
    FILE_MISSING: _("Chi conserva il file risponde che non c’è."),
    FILE_ELSEWHERE: _(
        "Il fornitore indica per il file un indirizzo che non è suo, e Arengo non vi invia il token. Controllare "
        "l’indirizzo del fornitore nelle impostazioni del mittente."
    ),
    FILE_DAMAGED: _("Il file è arrivato rovinato."),
}


def explain(code: int) -> str:
    """What happened and what to do, for staff, in the language of the reader. KeyError: not one of ours."""
    return str(WORDS[code])


def not_public() -> Refusal:
    """Nothing was sent. Every message would meet the same address."""
    return Refusal(Remedy.STOP_SENDER, code=NOT_PUBLIC)


def other_origin() -> Refusal:
    """Nothing was sent: the secrets were entered for another origin."""
    return Refusal(Remedy.STOP_SENDER, code=OTHER_ORIGIN)


def unable() -> Refusal:
    """Nothing was sent: the platform cannot do it."""
    return Refusal(Remedy.NEVER, code=UNABLE)


def too_large() -> Refusal:
    """A good status whose body was not read: the platform may have acted. The same request would be answered the same."""
    return Refusal(Remedy.NEVER, code=TOO_LARGE, certain=False)


def unreadable() -> Refusal:
    """The same, of a body that is compressed in a way that has no bound."""
    return Refusal(Remedy.NEVER, code=UNREADABLE, certain=False)
