# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an incoming message holds beyond its words: cards, a filled-in form, an order, what an unreadable one was.

Kept as JSON with the message (``encode``, ``decode``); a kind that this version does not know any more is as good as none.
"""

from __future__ import annotations

import msgspec

from arengo.core import outside

MOST_PARTS = 50  # of each list: cards, fields of one, answers, items
MOST_TEXT = 1_000  # characters of one value


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing of a card or a form. ``kind``: phone, email, url, address, birthday, organization, title; "" of a form's answer.

    ``label``: the other side's own word («WORK», «nome_completo»), foreign text as ``value`` is.
    """

    value: str
    kind: str = ""
    label: str = ""


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str = ""
    fields: tuple[Field, ...] = ()


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """``price``: as the platform writes it, of one piece."""

    code: str
    quantity: str = ""
    price: str = ""
    currency: str = ""


class Cards(msgspec.Struct, frozen=True, tag="cards"):
    cards: tuple[Card, ...]


class Form(msgspec.Struct, frozen=True, omit_defaults=True, tag="form"):
    answers: tuple[Field, ...]
    name: str = ""


class Picked(msgspec.Struct, frozen=True, tag="picked"):
    """The line below the title of the list's row that was chosen."""

    description: str


class Ordered(msgspec.Struct, frozen=True, omit_defaults=True, tag="ordered"):
    items: tuple[Item, ...]
    catalog: str = ""


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """What it was, in the platform's word."""

    what: str


Content = Cards | Form | Picked | Ordered | Unknown


def encode(content: Content | None) -> str:
    return "" if content is None else msgspec.json.encode(content).decode()


def decode(stored: str) -> Content | None:
    if not stored:
        return None
    try:
        found: Content = msgspec.json.decode(stored, type=Content)
    except msgspec.DecodeError:
        return None
    return found


def text(value: object) -> str:
    """One value from outside, storable and bounded; what is neither text nor a number is ""."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return outside.text(str(value), most=MOST_TEXT).strip()
