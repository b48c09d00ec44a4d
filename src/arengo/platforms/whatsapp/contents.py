# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message of WhatsApp holds beyond its words, from its leaf to the contract's ``Content``."""

from __future__ import annotations

from typing import Any

import msgspec

from arengo.platforms.contract import Card, Cards, Field, Form, Item, Ordered
from arengo.platforms.contract.contents import MOST_PARTS, text
from arengo.platforms.whatsapp import webhook_types as types

_TOKENS = frozenset({"flow_token"})  # of the form itself, nobody's answer


def cards(sent: types.Message) -> Cards:
    return Cards(tuple(_card(card) for card in (sent.contacts or [])[:MOST_PARTS]))


def _card(card: types.Card) -> Card:
    fields = [
        *(Field(text(part.phone), "phone", text(part.type)) for part in card.phones or []),
        *(Field(text(part.email), "email", text(part.type)) for part in card.emails or []),
        *(Field(text(part.url), "url", text(part.type)) for part in card.urls or []),
        *(Field(_place(place), "address", text(place.type)) for place in card.addresses or []),
    ]
    if card.org:
        fields.append(
            Field(", ".join(filter(None, map(text, (card.org.company, card.org.department)))), "organization")
        )
        fields.append(Field(text(card.org.title), "title"))
    fields.append(Field(text(card.birthday), "birthday"))
    told = tuple(field for field in fields if field.value)[:MOST_PARTS]
    return Card(text(card.name.formatted_name if card.name else ""), told)


def _place(place: types.CardAddress) -> str:
    town = " ".join(filter(None, (text(place.zip), text(place.city))))
    return ", ".join(filter(None, (text(place.street), town, text(place.state), text(place.country))))


def form(answer: types.Form) -> Form:
    """``response_json``: the form's own names of its fields, with what was answered."""
    try:
        found: Any = msgspec.json.decode(answer.response_json or "{}")
    except (ValueError, RecursionError):
        found = {}
    answers = [
        Field(_answer(value), label=text(name))
        for name, value in (found.items() if isinstance(found, dict) else ())
        if name not in _TOKENS
    ]
    return Form(tuple(one for one in answers if one.value)[:MOST_PARTS], text(answer.name))


def _answer(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return text(", ".join(filter(None, map(_answer, value[:MOST_PARTS]))))
    return text(value)


def ordered(order: types.Order) -> Ordered:
    items = [
        Item(
            code=text(item.product_retailer_id),
            quantity=text(item.quantity),
            price=text(item.item_price),
            currency=text(item.currency),
        )
        for item in (order.product_items or [])[:MOST_PARTS]
    ]
    return Ordered(tuple(items), text(order.catalog_id))
