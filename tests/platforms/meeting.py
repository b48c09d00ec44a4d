# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sandbox, running, and our side of its webhooks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar

import aiohttp
import pytest
from aiohttp import web

from arengo.platforms.contract import (
    Address,
    Credentials,
    Incoming,
    MessageReceived,
    ReceiptReceived,
    ReceiptStatus,
    Refusal,
)
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess, sandbox_process
from tests.support.waiting import NEVER

WHATSAPP = WhatsApp()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf500f00038101804cd9ae2d0000000049454e44ae426082"
)
T = TypeVar("T")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with sandbox_process() as running:
        running.control("POST", "/conditions", {"pair_limit": False, "mps": 1000})
        yield running


@pytest.fixture
def account(sandbox: SandboxProcess) -> Credentials:
    return credentials(sandbox.url)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def person(sandbox: SandboxProcess, *, hidden: bool = False, silent: bool = False) -> tuple[str, Address]:
    """Somebody new who has just written to us, unless ``silent``: their id in the sandbox and their address."""
    shown = sandbox.control("POST", "/people", {"count": 1, "hide_number": hidden})["people"][0]
    if not silent:
        sandbox.control("POST", f"/people/{shown['id']}/messages", {"type": "text", "text": "Buongiorno"})
    address = Address(user_id=shown["user_id"]) if hidden else Address(phone="+" + shown["phone"].lstrip("+"))
    return shown["id"], address


def last(sandbox: SandboxProcess, who: str) -> dict[str, Any]:
    shown: dict[str, Any] = sandbox.control("GET", f"/people/{who}/messages")["messages"][-1]
    return shown


class Inbox:
    """Our side of the webhooks: checks the signature, parses, keeps the events."""

    def __init__(self, account: Credentials) -> None:
        self.account = account
        self.events: list[Incoming] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return web.Response(text=WHATSAPP.handshake(self.account, request.query) or "")
        body = await request.read()
        signature = WHATSAPP.signature(self.account)
        if not signature.ok(request.headers.get(signature.header.decode(), "").encode(), body):
            return web.Response(status=401)
        self.events += WHATSAPP.parse(body)
        return web.Response()

    async def until(self, found: Callable[[Incoming], bool]) -> Any:
        deadline = time.monotonic() + NEVER
        while time.monotonic() < deadline:
            for event in self.events:
                if found(event):
                    return event
            await asyncio.sleep(0.025)
        raise AssertionError(f"not among {[type(event).__name__ for event in self.events]}")


def wrote(address: Address, kind: str = "text") -> Callable[[Incoming], bool]:
    return lambda event: (
        isinstance(event, MessageReceived)
        and event.address.key(WHATSAPP.name) == address.key(WHATSAPP.name)
        and event.kind == kind
    )


def receipt_of(message_id: str, status: ReceiptStatus) -> Callable[[Incoming], bool]:
    return lambda event: (
        isinstance(event, ReceiptReceived) and event.message_id == message_id and event.status is status
    )


@pytest.fixture
async def inbox(http: aiohttp.ClientSession, account: Credentials) -> AsyncIterator[Inbox]:
    inbox = Inbox(account)
    application = web.Application()
    application.router.add_route("*", "/hooks/1", inbox.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await WHATSAPP.subscribe(http, account, f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/1")
    yield inbox
    await runner.cleanup()


async def refused(talk: Awaitable[T]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await talk
    return caught.value


@pytest.fixture
async def media_id(http: aiohttp.ClientSession, account: Credentials) -> str:
    return await WHATSAPP.upload(http, account, PNG, "image/png", "piazza.png")
