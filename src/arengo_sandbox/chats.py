# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every message that went either way, and the ledger of accepted sends that is read off them."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from arengo_sandbox.people import Person
from arengo_sandbox.storage import Storage

WINDOW_SECONDS = 24 * 3600


class Message(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One message between a person and one of the business's numbers. `content` is the object named by `type`."""

    seq: int
    id: str
    inbound: bool
    number: str
    person: int
    type: str
    content: msgspec.Raw
    at: float
    to: str = ""
    status: str = "accepted"
    sent_at: float = 0.0
    delivered_at: float = 0.0
    read_at: float = 0.0
    opaque: str | None = None
    context: str | None = None
    category: str = "service"
    billable: bool = True
    error: int = 0
    details: str = ""
    # Emoji by the two sides of the chat.
    business_reaction: str = ""
    citizen_reaction: str = ""
    # Frozen when the send was accepted: what a phone shows of a template, whatever happens to the template later.
    rendered: dict[str, Any] | None = None
    # Sent to somebody who had blocked the business: it never arrives, also when they unblock it.
    lost: bool = False
    # The stored file that the message carries, when it carries one.
    media: str | None = None

    def shown(self) -> dict[str, Any]:
        """The message as the control API and the phones show it."""
        shown: dict[str, Any] = {
            "id": self.id,
            "direction": "in" if self.inbound else "out",
            "phone_number_id": self.number,
            "type": self.type,
            self.type: self.content,
            "timestamp": self.at,
            "status": self.status,
        }
        optional = {
            "sent_at": self.sent_at,
            "delivered_at": self.delivered_at,
            "read_at": self.read_at,
            "context": self.context and {"id": self.context},
            "biz_opaque_callback_data": self.opaque,
            "error": self.error and {"code": self.error, "details": self.details},
            "business_reaction": self.business_reaction,
            "citizen_reaction": self.citizen_reaction,
            "rendered": self.rendered,
            "media": self.media,
        }
        return shown | {key: value for key, value in optional.items() if value}

    def entry(self) -> dict[str, Any]:
        """The message as a row of the ledger."""
        return {
            "seq": self.seq,
            "id": self.id,
            "to": self.to,
            "type": self.type,
            "biz_opaque_callback_data": self.opaque,
            "timestamp": self.at,
            "phone_number_id": self.number,
            "status": self.status,
        }


class LedgerMark(msgspec.Struct):
    """Sends up to `seq` were cleared from the ledger; `last` is the highest number ever given."""

    seq: int = 0
    last: int = 0


class Chats:
    """All messages by id, by person and in the order of acceptance."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._by_id: dict[str, Message] = {}
        self._by_person: dict[int, list[Message]] = {}
        self._sends: list[Message] = []
        self._mark = LedgerMark()
        # Ids differ from run to run even in memory, as those of the real platform do.
        self._service_count: dict[tuple[str, str], int] = {}
        self._salt = time.time_ns() & 0xFFFFFFFFFF

    def load(self) -> None:
        for mark in self._storage.load("ledger", LedgerMark):
            self._mark = mark
        for message in self._storage.load("message", Message):
            message.content = msgspec.Raw(bytes(message.content))
            self._index(message)
            self._mark.last = max(self._mark.last, message.seq)

    def next_seq(self) -> int:
        self._mark.last += 1
        return self._mark.last

    def wamid(self, person: Person | None, seq: int, *, inbound: bool) -> str:
        """An id in the looks of Meta's: base64 of the user's number and a random-looking hex string."""
        user = (person.user_id[3:] if person.hide_number else person.phone) if person else "0"
        kind = b"\x15\x02\x00\x12\x18\x14" if inbound else b"\x15\x02\x00\x11\x18\x14"
        body = (
            b"\x1c\x18" + bytes([len(user)]) + user.encode() + kind + f"{self._salt:010X}{seq:010X}".encode()
        )
        return "wamid." + base64.b64encode(body + b"\x00").decode()

    def add(self, message: Message) -> None:
        self._index(message)
        self.keep(message)

    def keep(self, message: Message) -> None:
        self._storage.put("message", f"{message.seq:012d}", message)

    def get(self, message_id: str) -> Message | None:
        return self._by_id.get(message_id)

    def of(self, person: Person, number: str | None = None) -> list[Message]:
        """A person's messages, oldest first, with one number or with all."""
        messages = self._by_person.get(person.n, [])
        return [message for message in messages if number is None or message.number == number]

    def unfinished(self) -> Iterator[Message]:
        """Accepted sends that have not arrived yet, for a start after a stop."""
        return (
            message for message in self._sends if message.status in ("accepted", "sent") and not message.lost
        )

    def ledger(self, after: int, limit: int) -> list[Message]:
        floor = max(after, self._mark.seq)
        return list(islice((message for message in self._sends[self._position(floor) :]), limit))

    def ledger_size(self) -> int:
        return len(self._sends) - self._position(self._mark.seq)

    def clear_ledger(self) -> None:
        """Start the ledger afresh; the chats stay."""
        self._mark.seq = self._mark.last
        self._storage.put("ledger", "mark", self._mark)

    def count_service(self, number: str, now: float) -> int:
        """How many service messages the number has sent this month, this one included."""
        month = (number, time.strftime("%Y-%m", time.gmtime(now)))
        self._service_count[month] = self._service_count.get(month, 0) + 1
        return self._service_count[month]

    def _position(self, seq: int) -> int:
        low, high = 0, len(self._sends)
        while low < high:
            middle = (low + high) // 2
            if self._sends[middle].seq <= seq:
                low = middle + 1
            else:
                high = middle
        return low

    def _index(self, message: Message) -> None:
        self._by_id[message.id] = message
        self._by_person.setdefault(message.person, []).append(message)
        if not message.inbound:
            self._sends.append(message)


def window_open(person: Person, number: str, now: float) -> bool:
    """Whether a free-form message may go to this person (Meta: 24 h from the user's last message)."""
    return now - person.wrote_at.get(number, 0.0) < WINDOW_SECONDS
