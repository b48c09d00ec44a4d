# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What WhatsApp would refuse about a message, said before it is sent.

Every number is from Meta's documentation of the Cloud API (messages reference, interactive messages,
templates).

Meta counts "characters" and does not say which. Arengo counts UTF-16 units (decision 8), as WhatsApp's own apps and
every browser's ``maxlength`` do: a letter is one, most emoji are two. That is never less than the number of code
points, so what passes here passes whether Meta counts the one or the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import msgspec

from arengo.core.lengths import Limit, Unit, length
from arengo.core.sentences import gettext as _
from arengo.platforms.contract import (
    Buttons,
    Capabilities,
    Choice,
    Limits,
    Listing,
    LocationRequest,
    Media,
    NumberRequest,
    Outgoing,
    Parameter,
    Pressing,
    Reaction,
    Sendable,
    Template,
    Text,
    ToOne,
)

TEXT_BODY = 4096
CAPTION = 1024
INTERACTIVE_BODY = 1024
LISTING_BODY = 4096
HEADER = 60
FOOTER = 60
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
LISTING_BUTTON = 20
SECTIONS = 10
SECTION_TITLE = 24
ROWS = 10
ROW_ID = 200
ROW_TITLE = 24
ROW_DESCRIPTION = 72
TEMPLATE_NAME = 512
TEMPLATE_BODY = 1024
TEMPLATE_FOOTER = 60
TEMPLATE_BUTTON = 25
TEMPLATE_BUTTONS = 10
TEMPLATE_SPACES = 4  # in a row; code 132018
URL = 2000
PAYLOAD = 128  # of a template's quick reply
EMOJI = 32  # ours, not Meta's: the longest single emoji (a family of four, with skin tones) has fewer

LIMITS = Limits(
    text=Limit(TEXT_BODY, Unit.UTF16),
    caption=Limit(CAPTION, Unit.UTF16),
    template_body=Limit(TEMPLATE_BODY, Unit.UTF16),
    template_footer=Limit(TEMPLATE_FOOTER, Unit.UTF16),
    template_button=Limit(TEMPLATE_BUTTON, Unit.UTF16),
    template_spaces=Limit(TEMPLATE_SPACES),
)
CAN = Capabilities(
    sends=frozenset({Text, Media, Template, Buttons, Listing, LocationRequest, NumberRequest, Reaction}),
    needs_templates=True,
    window=timedelta(hours=24),  # customer service window, from the user's last message
    receipts=True,
    to_one=ToOne(seconds=6.0, burst=45),
    pressing=Pressing(
        body=Limit(INTERACTIVE_BODY, Unit.UTF16),
        buttons=BUTTONS,
        button=Limit(BUTTON_TITLE, Unit.UTF16),
        rows=ROWS,
        row=Limit(ROW_TITLE, Unit.UTF16),
        description=Limit(ROW_DESCRIPTION, Unit.UTF16),
    ),
)
SENDABLE = Sendable(image_most_bytes=5 * 1024 * 1024, document_most_bytes=100 * 1024 * 1024)
PEOPLE_A_DAY = (250, 2_000, 10_000, 100_000)  # the steps of a portfolio; beyond the last there is no limit

CAPTIONED = frozenset({"image", "video", "document"})
KINDS = CAPTIONED | {"audio", "sticker"}
HEADER_KINDS = CAPTIONED

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_FORBIDDEN_SPACE = re.compile(rf"[\n\r\t]| {{{TEMPLATE_SPACES + 1}}}")


def problems(outgoing: Outgoing) -> list[str]:
    """In the language of the reader; empty when WhatsApp would take the message."""
    found = [problem for problem in _CHECKS[type(outgoing)](outgoing) if problem]
    if not found and not _encodable(outgoing):
        found.append(_("Il testo contiene un carattere che non si può inviare: riscriverlo."))
    return found


# --- one length at a time ---------------------------------------------------------------------------------


def _long(what: str, text: str, limit: int) -> str:
    count = length(text, Unit.UTF16)
    if count <= limit:
        return ""
    return _("%(what)s: al massimo %(limit)d caratteri, qui sono %(count)d.") % {
        "what": what,
        "limit": limit,
        "count": count,
    }


def _filled(what: str, text: str, limit: int) -> str:
    if not text.strip():
        return _("%(what)s: non può restare in bianco.") % {"what": what}
    return _long(what, text, limit)


def _many(what: str, count: int, limit: int) -> str:
    if 1 <= count <= limit:
        return ""
    return _("%(what)s: da 1 a %(limit)d, qui sono %(count)d.") % {
        "what": what,
        "limit": limit,
        "count": count,
    }


def _different(what: str, texts: Iterable[str]) -> str:
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            return _("%(what)s: “%(text)s” compare due volte.") % {"what": what, "text": text}
        seen.add(text)
    return ""


def _encodable(outgoing: Outgoing) -> bool:
    # Half of a surrogate pair: a text cut in the middle of an emoji.
    try:
        msgspec.json.encode(outgoing)
    except UnicodeEncodeError:
        return False
    return True


# --- one kind of message at a time ------------------------------------------------------------------------


def _text(message: Text) -> Iterable[str]:
    yield _filled(_("Testo"), message.body, TEXT_BODY)


def _media(message: Media) -> Iterable[str]:
    if message.kind not in KINDS:
        yield _("WhatsApp non invia allegati di tipo “%(kind)s”.") % {"kind": message.kind}
    if not message.media_id:
        yield _("Manca il file allegato.")
    if message.caption and message.kind in KINDS - CAPTIONED:
        yield _("Un audio o un adesivo non può avere una didascalia.")
    yield _long(_("Didascalia"), message.caption, CAPTION)


def _buttons(message: Buttons) -> Iterable[str]:
    yield _filled(_("Testo"), message.body, INTERACTIVE_BODY)
    yield _long(_("Intestazione"), message.header, HEADER)
    yield _long(_("Piè di pagina"), message.footer, FOOTER)
    yield _many(_("Pulsanti"), len(message.choices), BUTTONS)
    for choice in message.choices:
        yield _filled(_("Scritta del pulsante"), choice.title, BUTTON_TITLE)
        yield _identifier(choice, BUTTON_ID)
    yield _different(_("Scritta del pulsante"), (choice.title for choice in message.choices))
    yield _different(_("Codice della scelta"), (choice.id for choice in message.choices))


def _listing(message: Listing) -> Iterable[str]:
    yield _filled(_("Testo"), message.body, LISTING_BODY)
    yield _long(_("Intestazione"), message.header, HEADER)
    yield _long(_("Piè di pagina"), message.footer, FOOTER)
    yield _filled(_("Scritta che apre l’elenco"), message.button, LISTING_BUTTON)
    yield _many(_("Sezioni dell’elenco"), len(message.sections), SECTIONS)
    rows = [row for section in message.sections for row in section.rows]
    yield _many(_("Voci dell’elenco"), len(rows), ROWS)
    for section in message.sections:
        titled = _filled if len(message.sections) > 1 else _long
        yield titled(_("Titolo della sezione"), section.title, SECTION_TITLE)
        if not section.rows:
            yield _("Ogni sezione dell’elenco deve avere almeno una voce.")
    for row in rows:
        yield _filled(_("Voce dell’elenco"), row.title, ROW_TITLE)
        yield _long(_("Descrizione della voce"), row.description, ROW_DESCRIPTION)
        yield _identifier(row, ROW_ID)
    yield _different(_("Codice della scelta"), (row.id for row in rows))


def _request(message: LocationRequest | NumberRequest) -> Iterable[str]:
    yield _filled(_("Testo"), message.body, INTERACTIVE_BODY)


def _identifier(choice: Choice, limit: int) -> str:
    if choice.id != choice.id.strip():
        return _("Il codice di una scelta non può cominciare o finire con uno spazio.")
    return _filled(_("Codice della scelta"), choice.id, limit)


def _reaction(message: Reaction) -> Iterable[str]:
    if not message.message_id:
        yield _("Manca il messaggio a cui reagire.")
    if message.emoji and (message.emoji.isascii() or length(message.emoji, Unit.UTF16) > EMOJI):
        yield _("Una reazione è un solo emoji.")


def _template(message: Template) -> Iterable[str]:
    if not _NAME.fullmatch(message.name):
        yield _(
            "Nome del modello: solo lettere minuscole senza accenti, cifre e trattini bassi, al massimo "
            "%(limit)d."
        ) % {"limit": TEMPLATE_NAME}
    if not message.language:
        yield _("Manca la lingua del modello.")
    if message.header_text is not None:
        yield _parameter(_("Intestazione"), message.header_text, HEADER)
    yield _header_media(message)
    for number, parameter in enumerate(message.body, start=1):
        what = _("Valore “%(name)s” del modello") % {"name": parameter.name or number}
        yield _parameter(what, parameter, TEMPLATE_BODY)
    yield _together(message.body)
    yield _different(_("Nome del valore"), (parameter.name for parameter in message.body if parameter.name))
    if any(parameter.name for parameter in message.body) and not all(p.name for p in message.body):
        yield _("I valori del modello devono avere tutti un nome, oppure nessuno.")
    if len(message.buttons) > TEMPLATE_BUTTONS:
        yield _many(_("Pulsanti"), len(message.buttons), TEMPLATE_BUTTONS)
    for button in message.buttons:
        if button.kind not in {"quick_reply", "url"} or not 0 <= button.index < TEMPLATE_BUTTONS:
            yield _("Un pulsante del modello non è tra quelli che Arengo sa riempire.")
        yield _filled(
            _("Valore del pulsante"), button.value, PAYLOAD if button.kind == "quick_reply" else URL
        )
    if len({button.index for button in message.buttons}) < len(message.buttons):
        yield _("Due valori sono destinati allo stesso pulsante del modello.")


def _header_media(message: Template) -> str:
    if not message.header_media_kind and not message.header_media_id:
        return ""
    if message.header_text is not None:
        return _("L’intestazione di un modello è un testo oppure un file, non tutti e due.")
    if message.header_media_kind not in HEADER_KINDS or not message.header_media_id:
        return _("L’intestazione del modello vuole una foto, un video o un documento già caricato.")
    return ""


def _parameter(what: str, parameter: Parameter, limit: int) -> str:
    # Meta, code 132018: a value may hold no new line, no tab and no more than four spaces in a row.
    if _FORBIDDEN_SPACE.search(parameter.text):
        return _("%(what)s: non può andare a capo né avere tabulazioni o più di 4 spazi di fila.") % {
            "what": what
        }
    return _filled(what, parameter.text, limit)


def _together(parameters: list[Parameter]) -> str:
    # Meta, code 132005: the body with its values filled in is 1,024 at most, so the values alone are too.
    if len(parameters) < 2:
        return ""
    return _long(_("Valori del modello, insieme"), "".join(each.text for each in parameters), TEMPLATE_BODY)


_CHECKS: dict[type, Callable[[Any], Iterable[str]]] = {
    Text: _text,
    Media: _media,
    Template: _template,
    Buttons: _buttons,
    Listing: _listing,
    LocationRequest: _request,
    NumberRequest: _request,
    Reaction: _reaction,
}
