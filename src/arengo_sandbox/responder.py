# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second responder on the numbers, as with Meta's Conversation Routing: each thread belongs to it or to the business.

Switched on, it takes each thread at the next message of its person: the business hears `control_taken`, then copies in
`standby` of what the person and the responder write. The business may take a thread back where it is the escalation
partner (`may_take`); a service message of the business takes it implicitly.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.chats import Message
from arengo_sandbox.people import Person
from arengo_sandbox.webhook_shapes import Event, contact_of, sender_fields

ENTRY_POINT, ESCALATION = "entry_point", "escalation_partner"
Emit = Callable[[Event], None]


class Wishes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`answer`: what the responder writes back to each message; empty: it is silent."""

    on: bool = False
    answer: str = "Ciao! Sono l’assistente virtuale. Come posso aiutarti oggi?"
    may_take: bool = False


class SecondResponder:
    def __init__(self, emit: Emit) -> None:
        self.wishes = Wishes()
        self._emit = emit
        self._theirs: set[tuple[str, int]] = set()  # number and person

    def wish(self, wanted: dict[str, Any]) -> None:
        """Raises msgspec.ValidationError on what it cannot be. Switched off, it gives every thread back."""
        self.wishes = msgspec.convert({**msgspec.to_builtins(self.wishes), **wanted}, Wishes)
        if not self.wishes.on:
            self._theirs.clear()

    def has(self, number: BusinessNumber, person: Person) -> bool:
        return (number.id, person.n) in self._theirs

    def hear(self, number: BusinessNumber, person: Person) -> bool:
        """The person writes: whether that goes to the responder, which may take the thread with it."""
        if not self.wishes.on:
            return False
        if not self.has(number, person):
            self._theirs.add((number.id, person.n))
            self._send_handover(number, person, "control_taken", ENTRY_POINT)
        return True

    def answer(self, message: Message, number: BusinessNumber, person: Person, wamid: str) -> None:
        """The responder writes back, and the business sees a copy."""
        if not self.wishes.answer or message.type == "reaction":
            return
        sender = sender_fields(person)
        addressee = {"to_user_id": sender["from_user_id"]}
        if "from" in sender:
            addressee["to"] = sender["from"]
        item = {
            "from": number.digits,
            **addressee,
            "id": wamid,
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": self.wishes.answer},
        }
        self._emit(Event("standby", number, contact_of(person), {"message_echoes": item}))

    def take(self, number: BusinessNumber, person: Person) -> bool:
        """The business asks for the thread. Whether it may have it."""
        if not self.has(number, person):
            return True
        if not self.wishes.may_take:
            return False
        self._theirs.discard((number.id, person.n))
        return True

    def pass_on(self, number: BusinessNumber, person: Person) -> None:
        """The responder hands the thread to the business, which hears `control_passed`."""
        self._theirs.discard((number.id, person.n))
        self._send_handover(number, person, "control_passed", ESCALATION)

    def give(self, number: BusinessNumber, person: Person) -> None:
        """The business hands the thread to the responder, or lets it go."""
        if self.wishes.on:
            self._theirs.add((number.id, person.n))

    def overruled(self, number: BusinessNumber, person: Person) -> None:
        """A service message of the business takes the thread implicitly."""
        self._theirs.discard((number.id, person.n))

    def _send_handover(self, number: BusinessNumber, person: Person, kind: str, role: str) -> None:
        item: dict[str, Any] = {
            "type": kind,
            "timestamp": str(int(time.time())),
            "user_id": person.user_id,
            kind: {
                "previous_owner_role": ENTRY_POINT if role == ESCALATION else ESCALATION,
                "new_owner_role": role,
            },
        }
        if not person.hide_number:
            item["wa_id"] = person.phone
        self._emit(Event("messaging_handovers", number, None, {"messaging_handovers": item}))
