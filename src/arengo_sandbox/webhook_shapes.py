# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a webhook says, in the shapes of Graph v24: `contacts[]` and user ids on statuses, no `conversation`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.chats import Message
from arengo_sandbox.people import Person

NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Event(NamedTuple):
    """One update: the field it belongs to, its number if it has one, who it is about, and the item itself."""

    field: str
    number: BusinessNumber | None
    contact: dict[str, Any] | None
    item: dict[str, Any]


def contact_of(person: Person) -> dict[str, Any]:
    """`contacts[]`: the phone is left out when the person hides it (facts: usernames, 2026)."""
    profile: dict[str, Any] = {"name": person.name}
    if person.username:
        profile["username"] = person.username
    contact: dict[str, Any] = {"profile": profile, "user_id": person.user_id}
    if not person.hide_number:
        contact["wa_id"] = person.phone
    return contact


def sender_fields(person: Person) -> dict[str, Any]:
    """`from` and `from_user_id` of an incoming message."""
    fields: dict[str, Any] = {"from_user_id": person.user_id}
    if not person.hide_number:
        fields["from"] = person.phone
    return fields


def status_item(
    message: Message,
    person: Person | None,
    status: str,
    at: float,
    errors: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """One entry of `statuses[]`. Pricing comes with `sent` and with the first of delivered and read."""
    item: dict[str, Any] = {"id": message.id, "status": status, "timestamp": str(int(at))}
    if person is None:
        item["recipient_id"] = message.to
    else:
        item["recipient_user_id"] = person.user_id
        if not person.hide_number:
            item["recipient_id"] = person.phone
    if message.opaque is not None:
        item["biz_opaque_callback_data"] = message.opaque
    if errors is not None:
        item["errors"] = errors
    elif status == "sent" or (status in ("delivered", "read") and not message.delivered_at):
        item["pricing"] = {
            "billable": message.billable,
            "pricing_model": "PMP",
            # Since 1 October 2026 replies inside the window are charged like the rest: `regular`.
            "type": "regular",
            "category": message.category,
        }
    return item


def payload_of(waba_id: str, events: list[Event], now: float) -> bytes:
    """One post: events of the same field and number share a `value`, everything else gets a change of its own."""
    changes: list[dict[str, Any]] = []
    open_values: dict[tuple[str, str], tuple[dict[str, Any], set[str]]] = {}
    timed = False
    for event in events:
        if event.number is None:
            changes.append({"value": event.item, "field": event.field})
            timed = True
            continue
        list_name, item = next(iter(event.item.items()))
        mergeable = list_name == "statuses"
        found = open_values.get((event.field, event.number.id)) if mergeable else None
        if found is None:
            found = ({"messaging_product": "whatsapp", "metadata": _metadata(event.number)}, set())
            changes.append({"value": found[0], "field": event.field})
            if mergeable:
                open_values[event.field, event.number.id] = found
        value, known = found
        who = event.contact and (event.contact.get("user_id") or event.contact["wa_id"])
        if event.contact is not None and who not in known:
            known.add(str(who))
            value.setdefault("contacts", []).append(event.contact)
        value.setdefault(list_name, []).append(item)
    entry: dict[str, Any] = {"id": waba_id, "changes": changes}
    if timed:
        entry["time"] = int(now)
    return escaped(msgspec.json.encode({"object": "whatsapp_business_account", "entry": [entry]}))


def escaped(body: bytes) -> bytes:
    r"""JSON with non-ASCII as \uXXXX and / as \/: what Meta signs is the escaped text, so the raw bytes count."""
    body = body.replace(b"/", rb"\/")
    if body.isascii():
        return body
    return NOT_ASCII.sub(_escape, body.decode()).encode("ascii")


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _metadata(number: BusinessNumber) -> dict[str, str]:
    return {"display_phone_number": number.digits, "phone_number_id": number.id}
