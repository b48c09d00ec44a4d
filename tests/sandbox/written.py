# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a citizen may write, and Meta's example of each."""

from __future__ import annotations

from typing import Any

WRITTEN: list[tuple[str, dict[str, Any], str]] = [
    ("text", {"type": "text", "text": "Buongiorno"}, "messages__1"),
    ("image", {"type": "image", "image": {"caption": "La buca"}}, "image__1"),
    ("video", {"type": "video", "video": {"caption": "Il rumore"}}, "video__1"),
    ("audio", {"type": "audio"}, "audio__1"),
    ("sticker", {"type": "sticker"}, "sticker__1"),
    ("document", {"type": "document", "document": {"caption": "Il modulo"}}, "document__1"),
    (
        "location",
        {
            "type": "location",
            "location": {
                "latitude": 43.7,
                "longitude": 11.2,
                "name": "Piazza",
                "address": "Via",
                "url": "https://e.org",
            },
        },
        "location__1",
    ),
    (
        "contacts",
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {
                        "first_name": "Bruno",
                        "last_name": "Campione",
                        "formatted_name": "Bruno Campione",
                    },
                    "org": {"company": "Prova"},
                    "phones": [{"phone": "+39 333 000 0002", "wa_id": "393330000002", "type": "MOBILE"}],
                }
            ],
        },
        "contacts__1",
    ),
    (
        "button",
        {"type": "button", "button": {"payload": "STOP", "text": "Stop"}, "context": {"id": "wamid.X"}},
        "button__1",
    ),
    (
        "list reply",
        {
            "type": "interactive",
            "interactive": {
                "type": "list_reply",
                "list_reply": {"id": "r", "title": "Anagrafe", "description": "x"},
            },
            "context": {"id": "wamid.X"},
        },
        "interactive__1",
    ),
    (
        "button reply",
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "b", "title": "Sì"}},
            "context": {"id": "wamid.X"},
        },
        "interactive__2",
    ),
    ("reaction", {"type": "reaction", "reaction": {"message_id": "wamid.X", "emoji": "👍"}}, "reaction__1"),
    (
        "reaction taken back",
        {"type": "reaction", "reaction": {"message_id": "wamid.X", "emoji": ""}},
        "reaction__2",
    ),
    (
        "order",
        {
            "type": "order",
            "order": {
                "catalog_id": "1",
                "text": "x",
                "product_items": [
                    {"product_retailer_id": "a", "quantity": 1, "item_price": 1, "currency": "EUR"}
                ],
            },
        },
        "order__1",
    ),
    ("edited", {"type": "edit"}, "unsupported__1"),
    ("deleted", {"type": "delete"}, "unsupported__1"),
]
