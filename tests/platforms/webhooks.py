# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhook bodies for the tests, and reading them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from arengo.platforms.contract import (
    Incoming,
)
from arengo.platforms.whatsapp.platform import WhatsApp

parse = WhatsApp().parse
AT = datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
ANNA = {"profile": {"name": "Anna Esempio"}, "wa_id": "393330000001"}
HIDDEN = {
    "profile": {"name": "Bruno Esempio", "username": "@bruno"},
    "user_id": "IT.1349120865530274",
    "parent_user_id": "IT.ENT.118",
}


def body(field: str = "messages", **value: Any) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "390550000001", "phone_number_id": "100000000000001"},
        **value,
    }
    change = {"field": field, "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}
    ).encode()


def sent(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {
        "from": "393330000001",
        "id": "wamid.A",
        "timestamp": "1749416383",
        "type": kind,
        kind: content,
        **more,
    }


def only(events: list[Incoming]) -> Any:
    assert len(events) == 1, events
    return events[0]


def message(kind: str, content: Any, **more: Any) -> Any:
    return only(parse(body(contacts=[ANNA], messages=[sent(kind, content, **more)])))


def status(word: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "wamid.A",
        "status": word,
        "timestamp": "1749416383",
        "recipient_id": "393330000001",
        **more,
    }


GOOD = sent("text", {"body": "sono qui"}, id="wamid.GOOD")
