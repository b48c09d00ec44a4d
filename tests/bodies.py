# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks as WhatsApp writes them, into the journal and through the reader: what tests of several rooms need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.intake import reader
from arengo.intake.models import Journal

NUMBER = "100000000000001"  # of the sample sender (tests/conftest.py)
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
    metadata = {"display_phone_number": "390550000001", "phone_number_id": NUMBER}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def body(*changes: dict[str, Any]) -> bytes:
    entry = {"id": "200000000000001", "time": NOON, "changes": list(changes)}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def written(*messages: dict[str, Any]) -> bytes:
    """One webhook with these messages, in one list."""
    return body(change(messages=list(messages)))


def store(sender: Sender, bodies: Iterable[bytes]) -> list[Journal]:
    return [
        Journal.objects.create(sender=sender, body_sealed=vault().seal(each, purpose="journal"))
        for each in bodies
    ]


def arrive(sender: Sender, *bodies: bytes) -> list[Journal]:
    """In one batch of the reader; nothing may be left waiting."""
    rows = store(sender, bodies)
    while reader.read_batch():
        pass
    for row in rows:
        row.refresh_from_db()
    return rows


def problems(rows: Sequence[Journal]) -> list[str]:
    return [row.problem for row in rows if row.problem]
