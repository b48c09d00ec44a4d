# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversation Routing: a number may have a second responder, and then a thread belongs to one of the two.

``standby`` brings copies of what happens in a thread that somebody else owns: what the person writes, what the other
responder writes (echoes), receipts of that. ``messaging_handovers`` says that a thread changed hands: *passed* is told
to the new owner, *taken* to the former one (Meta, August 2026). Meta names roles, never apps.

Meta shows no example of either value. The lists are therefore found by their items, and the person of a handover under
each name that Meta uses elsewhere.
"""

from __future__ import annotations

import msgspec

from arengo.platforms.contract import HandedOver, Incoming, MessageReceived, Nature
from arengo.platforms.whatsapp import leaves, people, webhook_types as types
from arengo.platforms.whatsapp.leaves import Unclear

# Lists of a standby value that may hold copies. ``contacts`` is the address book, ``errors`` concern the other responder.
COPIES = ("messages", "message_echoes", "echoes", "standby")
RECEIPTS = "statuses"
HANDOVERS = "messaging_handovers"

_PASSED, _TAKEN = "control_passed", "control_taken"


class _Roles(msgspec.Struct):
    new_owner_role: str | None = None


class _Handover(msgspec.Struct):
    type: str = ""
    timestamp: msgspec.Raw = types.NOT_SAID
    wa_id: str | None = None
    phone: str | None = None
    sender: str | None = msgspec.field(name="from", default=None)
    recipient_id: str | None = None
    user_id: str | None = None
    from_user_id: str | None = None
    recipient_user_id: str | None = None
    control_passed: _Roles | None = None
    control_taken: _Roles | None = None


class _Echo(types.Message):
    """Written from our number to a person by another responder."""

    to: str | None = None
    recipient_id: str | None = None
    recipient: str | None = None
    to_user_id: str | None = None
    recipient_user_id: str | None = None
    status: str | None = None

    @property
    def person(self) -> tuple[str | None, str | None]:
        return self.to or self.recipient_id, self.to_user_id or self.recipient_user_id or self.recipient


_echo_of = leaves.reader(_Echo)
_handover_of = leaves.reader(_Handover)


def handover(raw: msgspec.Raw, book: people.Book, number_id: str) -> HandedOver:
    said = _handover_of(raw)
    kind = said.type or (_PASSED if said.control_passed else _TAKEN if said.control_taken else "")
    if kind not in (_PASSED, _TAKEN):
        raise Unclear("unknown handover")
    roles = (said.control_passed if kind == _PASSED else said.control_taken) or _Roles()
    contact = book.first if len(book) == 1 else types.Contact()
    return HandedOver(
        address=people.required(
            said.wa_id or said.phone or said.sender or said.recipient_id or contact.wa_id,
            said.user_id or said.from_user_id or said.recipient_user_id or contact.user_id,
        ),
        ours=kind == _PASSED,
        at=people.moment(said.timestamp),
        role=(roles.new_owner_role or "")[:60],
        number_id=number_id,
    )


def is_receipt(raw: msgspec.Raw) -> bool:
    """Whether an item of a mixed list reports of a message instead of being one."""
    return _echo_of(raw).status is not None


def copy(raw: msgspec.Raw, book: people.Book, metadata: types.Metadata) -> Incoming | None:
    """A message of a thread that is not ours: the person's, or the other responder's."""
    echoed, number_id = _echo_of(raw), metadata.phone_number_id or ""
    # Meta shows our own number with spaces, brackets and dashes, or without.
    to, ours = (
        people.phone(echoed.to),
        people.phone("".join(sign for sign in metadata.display_phone_number or "" if sign.isdigit())),
    )
    from_us = ours is not None and people.phone(echoed.sender) == ours
    if from_us or (any(echoed.person) and (to is None or to != ours)):
        message_id = people.message_id(echoed, raw)
        contact = book.first if len(book) == 1 else types.Contact()
        phone, user_id = echoed.person
        fields = people.content(echoed)
        # An edit, a deletion or a reaction of theirs changes nothing that the person said.
        nature = Nature.GROUP if echoed.group_id or fields.get("kind") == "reaction" else Nature.ECHO
        if fields.get("kind") == "reaction":
            fields["kind"] = "unsupported"
        fields |= {"nature": nature, "reaction_to": "", "about": ""}
        return MessageReceived(
            message_id=message_id,
            unnamed=message_id != echoed.id,
            sent_at=people.moment(echoed.timestamp),
            address=people.required(phone or contact.wa_id, user_id or contact.user_id),
            number_id=number_id,
            copy=True,
            **fields,
        )
    event = people.message(raw, book, number_id)
    return msgspec.structs.replace(event, copy=True) if isinstance(event, MessageReceived) else event
