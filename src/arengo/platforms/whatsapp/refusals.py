# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows from a refusal of WhatsApp, by its code and its HTTP status. What a code means stands in ``meanings``."""

from __future__ import annotations

import msgspec

from arengo.core import outside
from arengo.core.sentences import gettext_lazy as _
from arengo.platforms import refusing
from arengo.platforms.contract import Remedy
from arengo.platforms.whatsapp.meanings import MEANINGS, Meaning, known

NO_CODE = 0  # the contract's; Meta's own 0 is told as EXPIRED, which it is a word for
EXPIRED = 190
DELETED_NUMBER = 33

_UNKNOWN = _("WhatsApp non ha accettato il messaggio. Il motivo indicato da Meta è qui accanto.")
_NO_ANSWER = _(
    "WhatsApp non ha risposto, o non in modo comprensibile. Aspettare qualche minuto e riprovare; se continua, "
    "controllare il collegamento a Internet del server e l’indirizzo del fornitore nelle impostazioni del mittente."
)

_BUSY = MEANINGS[131016]
_BY_STATUS: dict[int, Meaning] = {
    401: MEANINGS[EXPIRED],
    429: MEANINGS[130429],
}
# Not an answer of the Graph API at all: the wrong address, a proxy, a redirect. Every message would meet it.
_FOREIGN_ANSWER = frozenset({301, 302, 303, 307, 308, 402, 403, 404, 405, 407, 410, 426})


# With these the platform itself does not know what became of the request (Meta: "possible server error", "unknown
# error", "service unavailable"), whatever the status.
_UNDECIDED_CODES = frozenset({1, 2, 131000, 131016})
# Not 4xx as the standard means it: a proxy in between gave up waiting, and may have passed the request on
# (408; 460 at AWS; 499 in nginx).
_GAVE_UP_WAITING = frozenset({408, 460, 499})


def is_certain(status: int, code: int = NO_CODE) -> bool:
    """Whether an answer that is no success was surely decided before the platform took anything.

    ``code`` is Meta's own, if it sent its envelope. A 5xx may come after a message was accepted, whatever its code, and a
    redirect says where the answer is to be found.
    """
    return 400 <= status < 500 and status not in _GAVE_UP_WAITING and code not in _UNDECIDED_CODES


def meaning(code: int, status: int, *, transient: bool = False) -> Meaning:
    """Of a refusal that carries Meta's envelope. ``transient`` is Meta's own word for "try again"."""
    found = known(code)
    if found is not None:
        return found
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if transient or status >= 500:
        return _BUSY
    return Meaning(Remedy.NEVER, _UNKNOWN)


def bare(status: int) -> Meaning:
    """Of an HTTP status whose body is not Meta's envelope."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in _FOREIGN_ANSWER:
        return Meaning(Remedy.STOP_SENDER, _NO_ANSWER)
    if status >= 500 or status in {408, 425}:
        return _BUSY
    return Meaning(Remedy.NEVER, _UNKNOWN)


def remedy_of_receipt(code: int) -> Remedy:
    """For ``statuses[].errors[]``: the message was accepted and then failed.

    An unknown reason is not tried again.
    """
    found = known(code)
    return found.remedy if found is not None else Remedy.NEVER


def code_of(raw: msgspec.Raw) -> int:
    """The code of an error in a webhook. UNTOLD for none, for 0 and for what is no code: it says nothing about the number."""
    try:
        code = outside.whole(msgspec.json.decode(raw), most=outside.MOST_INTEGER)
    except (ValueError, RecursionError):
        code = None
    return code or refusing.UNTOLD


def explain(code: int) -> str:
    """What happened and what to do, for staff, in the language of the reader. Code 0: nothing came back."""
    if code in refusing.WORDS:
        return refusing.explain(code)
    if code == NO_CODE:
        return str(_NO_ANSWER)
    found = known(code)
    return str(found.explanation if found is not None else _UNKNOWN)


def is_gone(code: int) -> bool:
    """Whether the number itself is not reached on WhatsApp any more."""
    found = known(code)
    return found is not None and found.gone


def is_hopeless(code: int) -> bool:
    """Whether the same message to the same person is refused again, as a rule."""
    found = known(code)
    return found is not None and (found.hopeless or found.gone or found.remedy is Remedy.OPTED_OUT)
