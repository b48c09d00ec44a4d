# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person sent, and under which address: one ``messages[]`` item as an event."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from arengo.core import outside
from arengo.platforms.contract import (
    Address,
    IdentityChanged,
    IncomingMedia,
    MessageReceived,
    Nature,
    Picked,
    Unknown,
)
from arengo.platforms.contract.contents import text as plain
from arengo.platforms.whatsapp import (
    client,
    contents,
    identity_changes,
    leaves,
    receiving,
    refusals,
    webhook_types as types,
)
from arengo.platforms.whatsapp.leaves import Unclear
from arengo.platforms.whatsapp.numbers import line_of, phone as phone

# Sent when somebody opens the chat for the first time, before they write: there is nothing to read in it.
_SILENT = frozenset({"request_welcome"})
_ASKED = "contact_request"  # the origin of a card that answers our request
_FILES = frozenset({"image", "video", "audio", "document", "sticker"})

_message_of = leaves.reader(types.Message)
call_of = leaves.reader(types.Call)
_contacts_of = msgspec.json.Decoder(list[msgspec.Raw]).decode
_contact_of = leaves.reader(types.Contact)

Fields = dict[str, Any]


# --- addresses and time -----------------------------------------------------------------------------------


def address(wa_id: str | None, user_id: str | None) -> Address | None:
    number = phone(wa_id)
    return Address(phone=number, user_id=user_id or None) if number or user_id else None


def required(wa_id: str | None, user_id: str | None) -> Address:
    found = address(wa_id, user_id)
    if found is None:
        raise Unclear("neither a phone number nor a user id")
    return found


def moment(timestamp: msgspec.Raw) -> datetime:
    """Seconds since 1970, which Meta writes as digits in quotes; NO_MOMENT for all else."""
    try:
        return outside.moment(msgspec.json.decode(timestamp))
    except (ValueError, RecursionError):
        return outside.NO_MOMENT


# --- contacts ---------------------------------------------------------------------------------------------


class Book:
    """The contacts of one webhook. Looking one up takes the same time however many there are; of two alike the first counts."""

    def __init__(self, contacts: Iterable[types.Contact] = ()) -> None:
        self._contacts = list(contacts)
        self._by_user: dict[str, types.Contact] = {}
        self._by_number: dict[str, types.Contact] = {}  # as it is written
        self._by_line: dict[str, types.Contact] = {}  # as one line, whatever country's habit writes it
        for contact in self._contacts:
            if contact.user_id:
                self._by_user.setdefault(contact.user_id, contact)
            if contact.wa_id:
                self._by_number.setdefault(contact.wa_id, contact)
                if number := phone(contact.wa_id):
                    self._by_line.setdefault(line_of(number), contact)

    def __len__(self) -> int:
        return len(self._contacts)

    @property
    def first(self) -> types.Contact:
        return self._contacts[0]

    def of(self, message: types.Message) -> types.Contact | None:
        """The sender of a message: by user id, by the very number, by the number as another country's habit writes it."""
        number = phone(message.sender)
        return (
            self._by_user.get(message.from_user_id or "")
            or self._by_number.get(message.sender or "")
            or (self._by_line.get(line_of(number)) if number else None)
        )


def book(raw: msgspec.Raw | None) -> Book:
    """The contacts that can be read.

    They only add a name or a second address, so a broken one costs nothing.
    """
    if raw is None:
        return Book()
    try:
        items = _contacts_of(raw)
    except (ValueError, RecursionError):
        return Book()
    found = []
    for item in items:
        try:
            found.append(_contact_of(item))
        except (ValueError, RecursionError):
            continue
    return Book(found)


# --- the message ------------------------------------------------------------------------------------------


def message(
    raw: msgspec.Raw, contacts: Book, number_id: str = "", *, alone: bool = False
) -> MessageReceived | IdentityChanged | None:
    """``alone``: it is the only message of its webhook's list."""
    sent = _message_of(raw)
    if sent.type in _SILENT:
        return None
    at = moment(sent.timestamp)
    if identity_changes.is_one(sent):
        return identity_changes.change(sent, at)
    contact = contacts.of(sent)
    # A webhook of one message and one contact is about one person, however their number is written.
    if contact is None and alone and len(contacts) == 1 and not _contradicts(sent, contacts.first):
        contact = contacts.first
    contact = contact or types.Contact()
    shown = sent.sender or contact.wa_id or _handed_out(sent)
    sender = required(shown, sent.from_user_id or contact.user_id)
    profile = contact.profile or types.Profile()
    fields = content(sent)
    if sent.group_id:  # whatever it is: what is said, edited or deleted in a group is not said to us
        fields["nature"] = Nature.GROUP
    return MessageReceived(
        message_id=message_id(sent, raw),
        unnamed=not sent.id.strip(),
        sent_at=at,
        address=sender,
        name=profile.name or "",
        username=(profile.username or "").removeprefix("@"),
        parent_user_id=sent.from_parent_user_id or sent.parent_user_id or contact.parent_user_id or "",
        number_id=number_id,
        **fields,
    )


def _handed_out(sent: types.Message) -> str | None:
    """Their own number, which a person gave when we asked for it. Any other card proves nothing of who sends it."""
    asked = [card for card in sent.contacts or [] if card.origin == _ASKED]
    numbers = [
        number.wa_id or _international(number.phone or "") for card in asked for number in card.phones or []
    ]
    return numbers[0] if len(numbers) == 1 and sent.type == "contacts" else None


def _international(written: str) -> str:
    """A number as people write it; "" without its country: it could be anybody's."""
    return re.sub(r"[ ().-]", "", written) if written.startswith("+") else ""


def message_id(sent: types.Message, raw: msgspec.Raw) -> str:
    """The platform's, or one made up of what came where there is none: told again it is the same, and another is another."""
    return sent.id if sent.id.strip() else f"unnamed.{hashlib.sha256(bytes(raw)).hexdigest()}"


def _contradicts(message: types.Message, contact: types.Contact) -> bool:
    return bool(message.from_user_id and contact.user_id and message.from_user_id != contact.user_id)


def content(sent: types.Message) -> Fields:
    """What was sent, as fields of ``MessageReceived``, by a citizen or in our name."""
    context = sent.context or types.Context()
    fields: Fields = {
        "reply_to": context.id or "",
        "forwarded": bool(context.forwarded or context.frequently_forwarded),
        # A message in a group, or one that an advertisement led to, is said to be so.
        "detail": "group" if sent.group_id else "referral" if sent.referral is not None else "",
    }
    fields.update(_content(sent))
    # What cannot be shown is at least named.
    is_word = fields.get("nature", Nature.WORDS) is Nature.WORDS
    if fields["kind"] == "unsupported" and is_word and (what := plain(fields["detail"])):
        fields["content"] = Unknown(what[:60])
    return fields


def missed_call(call: types.Call, raw: msgspec.Raw, contacts: Book, number_id: str) -> MessageReceived | None:
    """A person called our number and nobody took it. None: it rings yet, somebody took it, or we called."""
    if call.event != "terminate" or call.direction == "BUSINESS_INITIATED" or outside.whole(call.duration):
        return None
    sent = types.Message(id=call.id, sender=call.sender, from_user_id=call.from_user_id)
    contact = contacts.of(sent) or types.Contact()
    return MessageReceived(
        message_id=message_id(sent, raw),
        unnamed=True,  # it cannot be quoted or marked as read
        sent_at=moment(call.timestamp),
        address=required(call.sender or contact.wa_id, call.from_user_id or contact.user_id),
        kind="call",
        name=(contact.profile.name if contact.profile else None) or "",
        number_id=number_id,
    )


# --- the content, one kind at a time ----------------------------------------------------------------------


def _content(sent: types.Message) -> Fields:
    """What the message holds. Where Meta gives an error in its place, the error: the person wrote all the same."""
    read = _CONTENT.get(sent.type or "text", _other)
    if not sent.errors:
        return read(sent)
    error = refusals.code_of(sent.errors[0].code)
    try:
        return {**read(sent), "error": error}
    except Unclear:
        return {"kind": sent.type if sent.type in _FILES else "unsupported", "error": error}


def _text(sent: types.Message) -> Fields:
    if sent.text is None or sent.text.body is None:
        raise Unclear("a text without its body")
    return {"kind": "text", "text": sent.text.body}


def _file(kind: str) -> Callable[[types.Message], Fields]:
    def read(sent: types.Message) -> Fields:
        file: types.File | None = getattr(sent, kind)
        if file is None:
            raise Unclear(f"a message of type {kind} without its file")
        media = IncomingMedia(
            media_id=file.id,
            mime_type=file.mime_type or "",
            sha256=file.sha256 or "",
            filename=file.filename or "",
        )
        return {"kind": kind, "text": file.caption or "", "media": media}

    return read


def _location(sent: types.Message) -> Fields:
    place = sent.location
    if place is None or not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise Unclear("a location without its place")
    text = ", ".join(part for part in (place.name, place.address) if part)
    return {"kind": "location", "text": text, "latitude": place.latitude, "longitude": place.longitude}


def _contacts(sent: types.Message) -> Fields:
    lines = []
    for card in sent.contacts or []:
        name = card.name.formatted_name if card.name else None
        numbers = [number.phone for number in card.phones or [] if number.phone]
        lines.append(" ".join(part for part in (name, *numbers) if part))
    return {
        "kind": "contacts",
        "text": "\n".join(line for line in lines if line),
        "content": contents.cards(sent),
    }


def _reaction(sent: types.Message) -> Fields:
    if sent.reaction is None:
        raise Unclear("a reaction without its emoji and message")
    return {
        "kind": "reaction",
        "text": sent.reaction.emoji or "",
        "reaction_to": sent.reaction.message_id,
        "nature": Nature.REACTION,
    }


def _interactive(sent: types.Message) -> Fields:
    answer = sent.interactive or types.Interactive()
    pressed = answer.button_reply or answer.list_reply
    if pressed is not None:
        described = plain(pressed.description)
        picked = {"content": Picked(described)} if described else {}
        return {
            "kind": "choice",
            "text": pressed.title,
            "choice_id": pressed.id,
            "from_list": answer.list_reply is pressed,
            **picked,
        }
    if answer.nfm_reply is not None:
        form = contents.form(answer.nfm_reply)
        return {"kind": "form", "text": answer.nfm_reply.body or "", "content": form}
    return {"kind": "unsupported", "detail": answer.type or "interactive"}


def _button(sent: types.Message) -> Fields:
    button = sent.button or types.TemplateButton()
    return {"kind": "choice", "text": button.text or "", "choice_id": button.payload or ""}


def _order(sent: types.Message) -> Fields:
    order = sent.order or types.Order()
    return {"kind": "order", "text": order.text or "", "content": contents.ordered(order)}


def _system(sent: types.Message) -> Fields:
    system = sent.system or types.System()
    # Meta's words, not the person's: of a change of number they name both.
    return {
        "kind": "system",
        "text": client.clean(system.body or ""),
        "detail": system.type or "",
        "nature": Nature.NOTICE,
    }


def _edit(sent: types.Message) -> Fields:
    """The whole message as it is now: its text, or a file's caption. The file itself cannot change."""
    edited = sent.edit or types.Edited()
    now = edited.message or types.EditedContent()
    files = {"image": now.image, "video": now.video, "document": now.document}
    kind, file = next(((kind, file) for kind, file in files.items() if file), ("text", None))
    if file is None and (now.text is None or now.text.body is None):
        kind = "unsupported"  # edited, and we are not told into what
    return {
        "kind": kind,
        "text": (now.text.body if now.text else None) or (file.caption if file else None) or "",
        "detail": "edit",
        "nature": Nature.EDIT,
        "about": edited.original_message_id or "",
        "reply_to": "",
    }


def _revoke(sent: types.Message) -> Fields:
    revoked = sent.revoke or types.Revoked()
    return {
        "kind": "unsupported",
        "detail": "revoke",
        "nature": Nature.DELETION,
        "about": revoked.original_message_id or "",
        "reply_to": "",
    }


def _unsupported(sent: types.Message) -> Fields:
    named = sent.unsupported.type if sent.unsupported else None
    code = refusals.code_of(sent.errors[0].code) if sent.errors else 0
    # Of a file that Meta does not hand out it tells the kind here.
    kind = named if receiving.is_file(code) and named in _FILES else "unsupported"
    return {
        "kind": kind,
        "detail": named or (str(code) if code > 0 else ""),
        # Meta may say that something was edited or taken back without saying what.
        "nature": {"edit": Nature.EDIT, "revoke": Nature.DELETION}.get(named or "", Nature.WORDS),
    }


def _other(sent: types.Message) -> Fields:
    return {"kind": "unsupported", "detail": sent.type[:60]}


_CONTENT: dict[str, Callable[[types.Message], Fields]] = {
    "text": _text,
    "image": _file("image"),
    "video": _file("video"),
    "audio": _file("audio"),
    "document": _file("document"),
    "sticker": _file("sticker"),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
}
