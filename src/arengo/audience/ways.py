# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""By which way somebody joins or leaves: a closed list. What is said of each is what its proof says."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.platforms.contract import MessageReceived


class Way(models.TextChoices):
    """How exactly it was said; rows of before this was kept have none, and only ``source`` speaks."""

    MESSAGE = "message", _("messaggio scritto dalla persona")
    BUTTON = "button", _("pulsante premuto dalla persona")
    MENU = "menu", _("voce scelta dalla persona in un menu")
    POSTER = "poster", _("testo pronto di un codice QR o di un collegamento, inviato dalla persona")
    FORM = "form", _("modulo del sito, inviato dalla persona nella chat")
    READ = "read", _("messaggio della persona, letto come richiesta da un operatore")
    STAFF = "staff", _("registrata dal personale, su richiesta della persona")
    PLATFORM = "platform", _("impostazioni della persona sulla piattaforma")
    IMPORT = "import", _("importazione di un elenco, con la sua prova")
    PAGE = "page", _("pagina personale, con un collegamento chiesto dalla persona nella chat")
    RULE = "rule", _("regola della lista, applicata da Arengo")


# Where nobody said more: by the source.
PLAIN = {
    "message": Way.MESSAGE,
    "platform": Way.PLATFORM,
    "staff": Way.STAFF,
    "import": Way.IMPORT,
    "page": Way.PAGE,
    "rule": Way.RULE,
}


# What a prepared message carries behind the request, by the organization's language: that of the site's form, and that of a
# code that hangs somewhere, with the code of its place.
FORM_MARKS = {"it": "(dal sito)", "en": "(from the website)"}
_PLACE_MARKS = {"it": "(da: %s)", "en": "(from: %s)"}
LONGEST_CODE = 20  # characters of a place's code
_FORM_MARK = re.compile(
    rf"\s*(?:{'|'.join(re.escape(mark) for mark in FORM_MARKS.values())})\s*$", re.IGNORECASE
)
_PLACE_MARK = re.compile(rf"\s*\((?:da|from):\s*([a-z0-9-]{{1,{LONGEST_CODE}}})\s*\)\s*$", re.IGNORECASE)
_AT_MOST = LONGEST_CODE + 30  # characters from the end in which a mark stands

Codes = Callable[[Collection[str]], Collection[str]]
_known: list[Codes] = []


def register_places(known: Codes) -> None:
    """``known(codes)``: those that are the scope's organization's. One query."""
    _known[:] = [known]


def marked(word: str, code: str, language: str) -> str:
    """The message that a place's code prepares."""
    return f"{word} {_PLACE_MARKS.get(language, _PLACE_MARKS['it']) % code}"


def without_mark(text: str) -> str:
    """``text`` without what was prepared behind the request."""
    end = text[-_AT_MOST:]
    return text[:-_AT_MOST] + _PLACE_MARK.sub("", _FORM_MARK.sub("", end))


def places(texts: Iterable[str]) -> Collection[str]:
    """The codes in these messages that are known to the scope's organization. No query where there is none."""
    codes = {code for text in texts if (code := _code(text))}
    return _known[0](codes) if codes and _known else ()


def of(message: MessageReceived, known: Collection[str] = ()) -> tuple[Way, str]:
    """How a person said something in a chat, and the code of the place, if it is one of ``known``."""
    if message.choice_id:
        return Way.MENU if message.from_list else Way.BUTTON, ""
    if _FORM_MARK.search(message.text[-_AT_MOST:]):
        return Way.FORM, ""
    code = _code(message.text)
    return (Way.POSTER, code) if code in known else (Way.MESSAGE, "")


def _code(text: str) -> str:
    found = _PLACE_MARK.search(text[-_AT_MOST:])
    return found[1].lower() if found else ""
