# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""By which way somebody joins or leaves: a closed list. What is said of each is what its proof says."""

from __future__ import annotations

import re

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


# What the site's form writes behind the request, by the organization's language.
FORM_MARKS = {"it": "(dal sito)", "en": "(from the website)"}
_FORM_MARK = re.compile(
    rf"\s*(?:{'|'.join(re.escape(mark) for mark in FORM_MARKS.values())})\s*$", re.IGNORECASE
)


def without_mark(text: str) -> str:
    """``text`` without what the form wrote behind it."""
    return _FORM_MARK.sub("", text)


def of(message: MessageReceived) -> Way:
    """How a person said something in a chat."""
    if not message.choice_id:
        return Way.FORM if _FORM_MARK.search(message.text) else Way.MESSAGE
    return Way.MENU if message.from_list else Way.BUTTON
