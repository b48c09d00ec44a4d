# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks as WhatsApp writes them: what stands in them, and their bodies."""

from __future__ import annotations

import base64
import json
import secrets
from itertools import count
from typing import Any

from tests.factories.platforms import ACCOUNT_ID, NUMBER_ID

NOON = 1_795_176_000  # 20 November 2026, 12:00 UTC

_numbers = count(1)


def message(
    phone: str | None = None,
    user_id: str | None = None,
    text: str = "Buongiorno",
    *,
    at: int = NOON,
    **more: Any,
) -> dict[str, Any]:
    """``phone`` with its plus sign; who shows none, or has no user id, is told without."""
    return {
        **_who(phone, user_id),
        "id": f"wamid.body.{next(_numbers)}",
        "timestamp": str(at),
        "type": "text",
        "text": {"body": text},
        **more,
    }


def wamid(phone: str, tail: str = "") -> str:
    """An id as WhatsApp makes them: base64 of the person's number and of ``tail``, or of a random string."""
    digits = phone.removeprefix("+").encode()
    head = b"\x1c\x18" + bytes([len(digits)]) + digits + b"\x15\x02\x00\x12\x18\x14"
    own = (tail or secrets.token_hex(10).upper()).encode()
    return "wamid." + base64.b64encode(head + own + b"\x00").decode()


def system(told: dict[str, Any], *, at: int = NOON, **more: Any) -> dict[str, Any]:
    return {
        "id": f"wamid.body.{next(_numbers)}",
        "timestamp": str(at),
        "type": "system",
        "system": {"body": "User changed", **told},
        **more,
    }


def preference(phone: str | None, user_id: str | None, value: str, *, at: int = NOON) -> dict[str, Any]:
    who = {"wa_id": phone.removeprefix("+")} if phone else {}
    return {
        **who,
        **({"user_id": user_id} if user_id else {}),
        "category": "marketing_messages",
        "value": value,
        "timestamp": at,
    }


def _who(phone: str | None, user_id: str | None) -> dict[str, str]:
    who = {"from": phone.removeprefix("+")} if phone else {}
    return {**who, **({"from_user_id": user_id} if user_id else {})}


def change(field: str = "messages", **value: Any) -> dict[str, Any]:
    """Of the sample number, unless ``metadata`` names another."""
    metadata = {"display_phone_number": "390550000001", "phone_number_id": NUMBER_ID}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def body(*changes: dict[str, Any]) -> bytes:
    """Of the sample account."""
    entry = {"id": ACCOUNT_ID, "time": NOON, "changes": list(changes)}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def webhook(field: str = "messages", **value: Any) -> bytes:
    """The body of one change: ``webhook(messages=[…])``, ``webhook(statuses=[…])``."""
    return body(change(field, **value))


def written(*messages: dict[str, Any]) -> bytes:
    """One webhook with these messages, in one list."""
    return webhook(messages=list(messages))
