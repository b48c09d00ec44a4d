# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The emulated world as one object: who is there, what was said, and the processes that move it on."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import aiohttp

from arengo_sandbox.account import Account
from arengo_sandbox.blocks import Blocks
from arengo_sandbox.carrier import Carrier
from arengo_sandbox.chats import Chats, Message
from arengo_sandbox.conditions import Conditions
from arengo_sandbox.limits import PairLimit, Throughput, Tier
from arengo_sandbox.links import Links
from arengo_sandbox.live import Live
from arengo_sandbox.media import MediaStore
from arengo_sandbox.people import People
from arengo_sandbox.profiles import Profiles
from arengo_sandbox.qr import QrCodes
from arengo_sandbox.responder import SecondResponder
from arengo_sandbox.storage import Storage
from arengo_sandbox.templates import Templates
from arengo_sandbox.uploads import Uploads
from arengo_sandbox.webhooks import Webhooks


class World:
    """Built once per process; `start` loads what was kept and sets it moving."""

    def __init__(self, account: Account, folder: Path | None) -> None:
        self.account = account
        self.storage = Storage(folder)
        self.conditions = Conditions()
        self.people = People(self.storage)
        self.chats = Chats(self.storage)
        self.live = Live()
        self.webhooks = Webhooks(account, self.storage, lambda: self.conditions)
        self.responder = SecondResponder(self.webhooks.emit)
        self.carrier = Carrier(
            account, self.people, self.chats, self.webhooks, self.live, lambda: self.conditions
        )
        self.media = MediaStore(self.storage)
        self.links = Links(self.media)
        self.templates = Templates(self.storage)
        self.blocks = Blocks(self.storage)
        self.qr = QrCodes(self.storage)
        self.profiles = Profiles(self.storage, account)
        self.uploads = Uploads()
        self.throughput = Throughput()
        self.pairs = PairLimit()
        self.tier = Tier()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def mps(self) -> int:
        return self.account.mps if self.conditions.mps is None else self.conditions.mps

    async def start(self) -> None:
        for part in (
            self.people,
            self.chats,
            self.webhooks,
            self.media,
            self.templates,
            self.blocks,
            self.qr,
            self.profiles,
        ):
            part.load()
        self.carrier.resume()
        for work in (self.webhooks.run(), self.carrier.run(), self.storage.run()):
            self._tasks.append(asyncio.create_task(work))

    def publish_message(self, message: Message) -> None:
        """Show the message as it is now on the phones that are open on it."""
        if self.live.shows(message.person):
            self.live.publish(message.person, {"change": "message", "message": message.shown()})

    def read_by_business(self, message: Message, now: float) -> None:
        """Blue ticks for the citizen: on this message and on all earlier ones in the thread."""
        person = self.people.get(message.person)
        if person is None:
            return
        for earlier in self.chats.of(person, message.number):
            if earlier.inbound and earlier.status != "read" and earlier.seq <= message.seq:
                earlier.status, earlier.read_at = "read", now
                self.chats.keep(earlier)
                self.publish_message(earlier)

    async def stop(self) -> None:
        self.live.close()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.webhooks.close()
        with contextlib.suppress(aiohttp.ClientError):
            await self.links.close()
        await self.storage.close()
