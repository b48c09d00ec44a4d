# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An accepted message on its way to a phone: sent, delivered, read, or failed for a reason that Meta gives late."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable

from arengo_sandbox.account import Account
from arengo_sandbox.chats import Chats, Message
from arengo_sandbox.conditions import Conditions
from arengo_sandbox.errors import status_error
from arengo_sandbox.live import Live
from arengo_sandbox.people import People, Person
from arengo_sandbox.webhook_shapes import Event, contact_of, status_item
from arengo_sandbox.webhooks import Webhooks

TICK = 0.01


class Carrier:
    """Moves messages forward in small groups, so that a thousand sends a second cost one wake-up in ten ms."""

    def __init__(
        self,
        account: Account,
        people: People,
        chats: Chats,
        webhooks: Webhooks,
        live: Live,
        conditions: Callable[[], Conditions],
    ) -> None:
        self._account = account
        self._people = people
        self._chats = chats
        self._webhooks = webhooks
        self._live = live
        self._conditions = conditions
        self._accepted: deque[Message] = deque()
        self._to_deliver: deque[tuple[float, Message]] = deque()
        self._to_read: deque[tuple[float, Message]] = deque()

    def resume(self) -> None:
        """After a start: what was accepted before the stop still has its way to go."""
        for message in self._chats.unfinished():
            if message.status == "accepted":
                self._accepted.append(message)
            elif message.type != "reaction":
                self._to_deliver.append((0.0, message))

    def carry(self, message: Message) -> None:
        """An accepted message sets out; with `error` set it will fail, saying so in a status."""
        self._accepted.append(message)

    def came_online(self, person: Person) -> None:
        """The phone has signal again: everything that waited arrives."""
        for message in self._chats.of(person):
            if not message.inbound and message.status == "sent" and message.type != "reaction":
                self._deliver(message, time.time())

    def read(self, person: Person, number: str | None = None) -> int:
        """The person opens the chat: every delivered message in it becomes read."""
        now = time.time()
        unread = [
            message
            for message in self._chats.of(person, number)
            if not message.inbound and message.status == "delivered" and message.type != "reaction"
        ]
        if not person.online:
            return 0
        for message in unread:
            self._read(message, now)
        return len(unread)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            now = time.time()
            while self._accepted:
                self._send(self._accepted.popleft(), now)
            while self._to_deliver and self._to_deliver[0][0] <= now:
                self._deliver(self._to_deliver.popleft()[1], now)
            while self._to_read and self._to_read[0][0] <= now:
                self._read(self._to_read.popleft()[1], now)

    def _send(self, message: Message, now: float) -> None:
        person = self._people.get(message.person)
        if message.error:
            self._fail(message, person, now)
            return
        message.status, message.sent_at = "sent", now
        self._report(message, person, "sent", now)
        if message.type != "reaction":
            self._to_deliver.append((now + self._conditions().delivered_after_ms / 1000, message))

    def _fail(self, message: Message, person: Person | None, now: float) -> None:
        message.status = "failed"
        self._chats.keep(message)
        if not self._conditions().webhooks.receipts:
            return
        number = self._account.number(message.number)
        # Of somebody who is not on WhatsApp there is nothing to tell but the number that was tried.
        contact = contact_of(person) if person else {"wa_id": message.to}
        item = status_item(message, person, "failed", now, [status_error(message.error, message.details)])
        self._webhooks.emit(Event("messages", number, contact, {"statuses": item}))

    def _deliver(self, message: Message, now: float) -> None:
        person = self._people.get(message.person)
        if person is None or message.status != "sent" or message.lost or not person.online:
            return
        if person.blocked_business:
            message.lost = True
            self._chats.keep(message)
            return
        self._report(message, person, "delivered", now)
        message.status, message.delivered_at = "delivered", now
        self._publish(message)
        conditions = self._conditions()
        if person.automatic and conditions.read_rate and random.random() < conditions.read_rate:  # noqa: S311 - chance
            self._to_read.append((now + conditions.read_after_ms / 1000, message))

    def _read(self, message: Message, now: float) -> None:
        if message.status != "delivered":
            return
        person = self._people.get(message.person)
        self._report(message, person, "read", now)
        message.status, message.read_at = "read", now
        self._publish(message)

    def _report(self, message: Message, person: Person | None, status: str, now: float) -> None:
        self._chats.keep(message)
        if not self._webhooks.subscribed or not self._conditions().webhooks.receipts:
            return
        number = self._account.number(message.number)
        contact = contact_of(person) if person else None
        item = status_item(message, person, status, now)
        self._webhooks.emit(Event("messages", number, contact, {"statuses": item}))

    def _publish(self, message: Message) -> None:
        if self._live.shows(message.person):
            self._live.publish(message.person, {"change": "message", "message": message.shown()})
