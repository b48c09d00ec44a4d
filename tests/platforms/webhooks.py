# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages and receipts of the examples' own time, and reading them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from arengo.platforms.contract import Incoming
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.factories.webhooks import webhook

parse = WhatsApp().parse
AT = datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
ANNA = {"profile": {"name": "Anna Esempio"}, "wa_id": "393330000001"}
HIDDEN = {
    "profile": {"name": "Bruno Esempio", "username": "@bruno"},
    "user_id": "IT.1349120865530274",
    "parent_user_id": "IT.ENT.118",
}


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
    return only(parse(webhook(contacts=[ANNA], messages=[sent(kind, content, **more)])))


def status(word: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "wamid.A",
        "status": word,
        "timestamp": "1749416383",
        "recipient_id": "393330000001",
        **more,
    }


GOOD = sent("text", {"body": "sono qui"}, id="wamid.GOOD")
