# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one message that everybody sends here, byte for byte the body that Arengo makes of it."""

from __future__ import annotations

import json
import time

TOKEN = "bench-access-token"  # noqa: S105 - of the emulated server
TEMPLATE = "avviso_di_prova"
WORDS = "sabato il mercato si sposta in piazza di Esempio e via Roma è chiusa dalle 7 alle 14"
# As platforms.whatsapp.bodies writes it; the rows check that it still does.
_BODY = (
    '{"messaging_product":"whatsapp","recipient_type":"individual","to":"%s","biz_opaque_callback_data":"%d",'
    '"type":"template","template":{"name":"'
    + TEMPLATE
    + '","language":{"code":"it"},"components":[{"type":"body","parameters":[{"type":"text","text":"'
    + WORDS
    + '"}]}]}}'
).encode()


def phone(index: int) -> str:
    """A sample number; there are ten million of them."""
    return f"+39333{index:07d}"


def body(index: int) -> bytes:
    return _BODY % (b"+39333%07d" % index, index + 1)


def headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def written(index: int, words: str, at: int) -> dict[str, object]:
    """One text of the ``index``-th citizen, as it stands in a webhook."""
    wa_id = phone(index).lstrip("+")
    return {
        "from": wa_id,
        "id": f"wamid.HBgM{wa_id}FQIAERgS{index:010d}A==",
        "timestamp": str(at),
        "type": "text",
        "text": {"body": words},
    }


def arrival(account: str, number: str, messages: list[dict[str, object]]) -> bytes:
    """A webhook with these texts, each of somebody who has a name."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "390550000001", "phone_number_id": number},
        "contacts": [
            {"profile": {"name": f"Cittadino {message['from']}"}, "wa_id": message["from"]}
            for message in messages
        ],
        "messages": messages,
    }
    change = {"value": value, "field": "messages"}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": account, "changes": [change]}]}
    ).encode()


def incoming(account: str, number: str, wa_id: str, words: str, mark: str) -> bytes:
    """A webhook with one text of a citizen; ``mark`` makes its id unique."""
    message = {
        "from": wa_id,
        "id": f"wamid.HBgM{mark}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": words},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "390550000001", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Anna Esempio"}, "wa_id": wa_id}],
        "messages": [message],
    }
    change = {"value": value, "field": "messages"}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": account, "changes": [change]}]}
    ).encode()
