# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message holds beyond its words, in lines for the thread: a card's numbers, a form's answers, an order's items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.desk.models import Message
from arengo.platforms.contract import Cards, Field, Form, Ordered, Picked, Unknown, contents

_WORDS: dict[str, str | Promise] = {
    "phone": gettext_lazy("telefono"),
    "email": gettext_lazy("posta elettronica"),
    "url": gettext_lazy("sito"),
    "address": gettext_lazy("indirizzo"),
    "organization": gettext_lazy("ente o ditta"),
    "title": gettext_lazy("ruolo"),
    "birthday": gettext_lazy("nascita"),
}
# The platform's words for what it does not hand out.
_UNKNOWN: dict[str, str | Promise] = {
    "poll": gettext_lazy("un sondaggio"),
    "poll_creation": gettext_lazy("un sondaggio"),
    "event": gettext_lazy("un evento"),
    "group_invite": gettext_lazy("l’invito a un gruppo"),
    "list": gettext_lazy("un elenco"),
    "hsm": gettext_lazy("un messaggio da modello"),
    "payment": gettext_lazy("un pagamento"),
    "pin": gettext_lazy("un messaggio fissato in alto"),
    "product": gettext_lazy("un prodotto"),
    "video_note": gettext_lazy("un videomessaggio"),
    "view_once": gettext_lazy("una foto o un video da vedere una volta sola"),
}


@dataclass(frozen=True)
class Line:
    """``label`` is ours or the other side's: foreign text all the same. ``href``: where it leads, "" for nowhere."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class Block:
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Held:
    blocks: Sequence[Block] = ()
    below: str = ""  # what stands below the words: the description of a choice
    what: str = ""  # what an unsupported message was


def held(message: Message) -> Held | None:
    """None for a message of words alone."""
    content = contents.decode(message.content)
    if isinstance(content, Cards):
        return Held([Block(card.name, [_line(field) for field in card.fields]) for card in content.cards])
    if isinstance(content, Form):
        return Held([Block(_("Modulo compilato"), [_line(field) for field in content.answers])])
    if isinstance(content, Ordered):
        items = [
            Line(
                item.code,
                _("%(number)s × %(price)s") % {"number": item.quantity or "1", "price": _price(item)},
            )
            for item in content.items
        ]
        return Held([Block(_("Ordine dal catalogo"), items)])
    if isinstance(content, Picked):
        return Held(below=content.description)
    if isinstance(content, Unknown):
        return Held(what=str(_UNKNOWN.get(content.what, content.what)))
    return None


def _price(item: contents.Item) -> str:
    return " ".join(filter(None, (item.price, item.currency))) or _("senza prezzo")


def _line(field: Field) -> Line:
    word = str(_WORDS.get(field.kind, ""))
    label = " · ".join(
        filter(None, (word, field.label.replace("_", " ").lower() if word else field.label.replace("_", " ")))
    )
    href = ""
    if field.kind == "email" and "@" in field.value:
        href = f"mailto:{field.value}"
    elif field.kind == "phone":
        href = "tel:" + "".join(
            each for each in field.value if each.isascii() and (each.isdigit() or each == "+")
        )
    elif field.kind == "url" and field.value.lower().startswith(("https://", "http://")):
        href = field.value
    return Line(label, field.value, href)
