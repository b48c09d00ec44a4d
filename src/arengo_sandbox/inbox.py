# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizen writes: every kind of message that a person can send to a business."""

from __future__ import annotations

import base64
import binascii
import time
from typing import Any

import msgspec

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.chats import Message
from arengo_sandbox.media import KINDS, Media
from arengo_sandbox.people import Person, digits_of
from arengo_sandbox.sample_files import sample
from arengo_sandbox.webhook_shapes import Event, contact_of, sender_fields
from arengo_sandbox.world import World

MEDIA_TYPES = tuple(KINDS)
STRUCTURED = ("location", "interactive", "button", "order", "system")
LONGEST_AGO = 30 * 24 * 3600  # seconds: WhatsApp keeps what could not be delivered for 30 days
# What the phone calls it, and Meta.
REVISIONS = {"edit": "edit", "delete": "revoke"}
UNSUPPORTED = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


TOO_LARGE = {
    "code": 131052,
    "title": "Media download error",
    "message": "Media download error",
    "error_data": {"details": "Downloading media from message failed: the file is larger than 100 MB."},
}


class Unwritable(ValueError):
    """The control request does not describe a message; says what is missing."""


def write(
    world: World, person: Person, number: BusinessNumber, wanted: dict[str, Any], origin: str
) -> Message:
    """A message from `person` to `number`. `origin` is this server's address, for the links of media.

    `ago`: it was written so many seconds ago, on a phone that had no signal until now.
    """
    kind = wanted.get("type", "text")
    now = time.time() - _ago(wanted)
    content = _content(world, number, kind, wanted)
    seq = world.chats.next_seq()
    context = wanted.get("context")
    found = context.get("id") or context.get("message_id") if isinstance(context, dict) else context
    context_id = found if isinstance(found, str) else None
    message = Message(
        seq=seq,
        id=world.chats.wamid(person, seq, inbound=True),
        inbound=True,
        number=number.id,
        person=person.n,
        type=str(kind),
        content=msgspec.Raw(msgspec.json.encode(content)),
        at=now,
        to=number.digits,
        status="sent",
        context=context_id,
        media=content.get("id") if kind in MEDIA_TYPES else None,
    )
    person.wrote_at[number.id] = max(now, person.wrote_at.get(number.id, 0.0))
    world.people.keep(person)
    world.chats.add(message)
    world.publish_message(message)
    if kind == "reaction":
        target = world.chats.get(content["message_id"])
        if target is not None:
            target.citizen_reaction = content.get("emoji", "")
            world.chats.keep(target)
            world.publish_message(target)
    # WhatsApp keeps the messages of a blocked person to itself: the business never hears of them.
    if not world.blocks.has(number.id, person) and person.online:
        deliver(world, message, person, number, origin)
    return message


def deliver(world: World, message: Message, person: Person, number: BusinessNumber, origin: str) -> None:
    """The message reaches the business: two grey ticks on the phone, a webhook on its way."""
    message.status, message.delivered_at = "delivered", time.time()
    world.chats.keep(message)
    world.publish_message(message)
    item = {
        **sender_fields(person),
        "id": message.id,
        "timestamp": str(int(message.at)),
        **_webhook_fields(world, message, number, origin),
    }
    contact = None if message.type == "system" else contact_of(person)
    if message.type == "call":
        missed = {"event": "terminate", "direction": "USER_INITIATED", "status": ["FAILED"]}
        world.webhooks.emit(Event("calls", number, contact, {"calls": item | missed}))
        return
    copied = world.responder.hear(number, person)
    world.webhooks.emit(Event("standby" if copied else "messages", number, contact, {"messages": item}))
    if copied:
        seq = world.chats.next_seq()
        world.responder.answer(message, number, person, world.chats.wamid(person, seq, inbound=False))


def came_online(world: World, person: Person, origin: str) -> None:
    """The phone has signal again: what was written meanwhile goes out."""
    for message in world.chats.of(person):
        number = world.account.number(message.number)
        if (
            message.inbound
            and message.status == "sent"
            and number
            and not world.blocks.has(number.id, person)
        ):
            deliver(world, message, person, number, origin)


def prefer(world: World, person: Person, number: BusinessNumber, *, stop: bool) -> None:
    """The person stops or resumes marketing messages, and the business is told."""
    person.marketing_stopped = stop
    world.people.keep(person)
    item: dict[str, Any] = {
        "user_id": person.user_id,
        "detail": f"User requested to {'stop' if stop else 'resume'} marketing messages",
        "category": "marketing_messages",
        "value": "stop" if stop else "resume",
        # An integer here, unlike the strings everywhere else: so it is in Meta's own examples.
        "timestamp": int(time.time()),
    }
    if not person.hide_number:
        item["wa_id"] = person.phone
    world.webhooks.emit(Event("user_preferences", number, contact_of(person), {"user_preferences": item}))


def change_identity(
    world: World, person: Person, number: BusinessNumber, wanted: dict[str, Any], origin: str
) -> Message:
    """A new phone number or a new business-scoped id, with the `system` message that tells of it.

    Since August 2026 the ids before and after stand in it; a person who shows no number is told as
    `user_changed_user_id`, without `from` and `wa_id`, with the new id beside the message.
    """
    kind = wanted.get("type", "user_changed_number")
    if kind not in ("user_changed_number", "user_changed_user_id"):
        raise Unwritable("system.type is user_changed_number or user_changed_user_id")
    before = sender_fields(person)
    old_user_id, old_phone = person.user_id, person.phone
    if kind == "user_changed_number":
        phone = digits_of(str(wanted.get("phone") or ""))
        if not (phone.isdigit() and 7 <= len(phone) <= 15) or world.people.by_phone(phone) is not None:
            raise Unwritable("system.phone must be a number that nobody has")
        world.people.change_phone(person, phone)
    else:
        world.people.change_user_id(person)
    shown = kind == "user_changed_number" and not person.hide_number
    was, now = (old_phone, person.phone) if shown else (old_user_id, person.user_id)
    content: dict[str, Any] = {
        "body": f"User {person.name} changed from {was} to {now}",
        "type": "user_changed_number" if shown else "user_changed_user_id",
        "user_id": person.user_id,
        "previous_user_id": old_user_id,
    }
    if not person.hide_number:
        content["wa_id"] = person.phone
    content["_sender"] = {**before, "from_user_id": person.user_id}
    return write(world, person, number, {"type": "system", "system": content}, origin)


def _ago(wanted: dict[str, Any]) -> float:
    ago = wanted.get("ago", 0)
    if isinstance(ago, bool) or not isinstance(ago, int | float) or not 0 <= ago <= LONGEST_AGO:
        raise Unwritable(f"ago is a number of seconds, at most {LONGEST_AGO}")
    return float(ago)


def _content(world: World, number: BusinessNumber, kind: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    if kind == "text":
        text = wanted.get("text")
        body = text.get("body") if isinstance(text, dict) else text
        if not isinstance(body, str) or not body:
            raise Unwritable('text is required: {"type": "text", "text": "Buongiorno"}')
        return {"body": body}
    if kind in MEDIA_TYPES:
        return _media_content(world, number, str(kind), wanted)
    if kind == "reaction":
        reaction = wanted.get("reaction")
        target = reaction.get("message_id") if isinstance(reaction, dict) else None
        if not isinstance(reaction, dict) or not isinstance(target, str) or not target:
            raise Unwritable('reaction is required: {"message_id": "wamid…", "emoji": "👍"}')
        emoji = str(reaction.get("emoji") or "")
        # A reaction taken back comes without its emoji.
        return {"message_id": target, "emoji": emoji} if emoji else {"message_id": target}
    if isinstance(kind, str) and kind in REVISIONS and isinstance(wanted.get("message_id"), str):
        return _revision(str(kind), wanted)
    if kind in ("edit", "delete", "unsupported"):
        named = {"edit": "edit", "delete": "revoke"}.get(str(kind), str(wanted.get("unsupported", "unknown")))
        return (
            {"type": named, "code": TOO_LARGE["code"]}
            if wanted.get("code") == TOO_LARGE["code"]
            else {"type": named}
        )
    if kind == "call":
        return {}
    if kind == "raw":
        raw = wanted.get("message")
        if not isinstance(raw, dict):
            raise Unwritable('message is required: {"type": "raw", "message": {"type": "…"}}')
        return raw
    content = wanted.get(str(kind))
    if kind == "contacts" and isinstance(content, list) and content:
        # Meta says of each card whether it answers a request for the number.
        return {
            "contacts": [{"origin": "other", **card} if isinstance(card, dict) else card for card in content]
        }
    if kind not in STRUCTURED or not isinstance(content, dict) or not content:
        raise Unwritable(f"type '{kind}' needs an object of the same name, in the shape of Meta's webhook")
    return content


def _revision(kind: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """An edit of a text, or a deletion, that names its message."""
    content: dict[str, Any] = {"original_message_id": wanted["message_id"]}
    if kind == "edit":
        text = wanted.get("text")
        if not isinstance(text, str) or not text:
            raise Unwritable('text is required: {"type": "edit", "message_id": "wamid…", "text": "…"}')
        content["message"] = {"type": "text", "text": {"body": text}}
    return content


def _media_content(world: World, number: BusinessNumber, kind: str, wanted: dict[str, Any]) -> dict[str, Any]:
    given = wanted.get(kind) or {}
    if not isinstance(given, dict):
        raise Unwritable(f"{kind} must be an object")
    media = _stored(world, number, kind, given)
    content: dict[str, Any] = {"id": media.id, "mime_type": media.mime_type, "sha256": media.sha256_base64}
    if given.get("caption") and kind in ("image", "video", "document"):
        content["caption"] = str(given["caption"])
    if kind == "document":
        content["filename"] = str(given.get("filename") or media.filename or "documento")
    if kind == "audio":
        content["voice"] = bool(given.get("voice", True))
    if kind == "sticker":
        content["animated"] = bool(given.get("animated", False))
    return content


def _stored(world: World, number: BusinessNumber, kind: str, given: dict[str, Any]) -> Media:
    """The named media, the bytes given in base64, or a small sample file of the kind."""
    if "id" in given:
        media = world.media.get(str(given["id"]))
        if media is None:
            raise Unwritable(f"{kind}.id is not a stored media")
        return media
    if "data" in given:
        try:
            content = base64.b64decode(str(given["data"]), validate=True)
        except (binascii.Error, ValueError):
            raise Unwritable(f"{kind}.data is not base64") from None
        mime_type = str(given.get("mime_type") or "application/octet-stream")
        return world.media.add(content, mime_type, number.id, given.get("filename"), received=True)
    content, mime_type, filename = sample(kind)
    return world.media.add(
        content, str(given.get("mime_type") or mime_type), number.id, filename, received=True
    )


def _webhook_fields(world: World, message: Message, number: BusinessNumber, origin: str) -> dict[str, Any]:
    """The part of the webhook that depends on the type."""
    content = msgspec.json.decode(message.content)
    if message.type in ("raw", "call"):
        return dict(content)
    fields: dict[str, Any] = {"type": message.type, message.type: content}
    if message.type in REVISIONS and "original_message_id" in content:
        name = REVISIONS[message.type]
        fields = {"type": name, name: content}
    elif message.type in ("edit", "delete", "unsupported"):
        error = TOO_LARGE if content.get("code") == TOO_LARGE["code"] else UNSUPPORTED
        named = {name: value for name, value in content.items() if name != "code"}
        fields = {"type": "unsupported", "errors": [error], "unsupported": named}
    elif message.type == "contacts":
        fields["contacts"] = content["contacts"]
    elif message.type == "system":
        fields |= content.pop("_sender", {})
    elif message.type in MEDIA_TYPES:
        media = world.media.get(content["id"])
        if media is not None:
            # Since autumn 2025 the address comes along; it needs the token like the one of the media node.
            query = "&".join(f"{key}={value}" for key, value in world.media.signed_query(media).items())
            content["url"] = f"{origin}/whatsapp_business/attachments/?{query}"
    if message.context is not None:
        fields["context"] = {"from": number.digits, "id": message.context}
    return fields
