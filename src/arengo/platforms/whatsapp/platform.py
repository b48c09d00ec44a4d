# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""WhatsApp, as the engine sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import aiohttp
import msgspec

from arengo.platforms.contract import (
    Accepted,
    Address,
    Capabilities,
    Credentials,
    Incoming,
    Limits,
    Outgoing,
    PriceList,
    Reach,
    Receiving,
    Refusal,
    Remedy,
    Sendable,
    Signature,
    TemplateFound,
    Words,
)
from arengo.platforms.whatsapp import (
    account,
    bodies,
    client,
    limits,
    media,
    price_list,
    receiving,
    refusals,
    signature,
    state_words,
    templates,
    webhooks,
    words,
)

if TYPE_CHECKING:
    from arengo.platforms.forms import ProviderForm

# Held for quality assessment, or behind a paused template: accepted, and not on its way yet.
_HELD = frozenset({"held_for_quality_assessment", "paused"})


class _Recipient(msgspec.Struct):
    user_id: Annotated[str, msgspec.Meta(max_length=300)] | None = None


class _Taken(msgspec.Struct):
    id: client.Name
    message_status: str | None = None


class _Sent(msgspec.Struct):
    messages: list[_Taken]
    contacts: list[_Recipient] | None = None


_encode = msgspec.json.Encoder().encode
_sent = msgspec.json.Decoder(_Sent)


class WhatsApp:
    """Meta's Cloud API, at Meta or at a Solution Provider: the credentials say which."""

    name = "whatsapp"
    words: Words = words.WORDS
    can: Capabilities = limits.CAN
    sendable: Sendable = limits.SENDABLE
    people_a_day: tuple[int, ...] = limits.PEOPLE_A_DAY
    limits: Limits = limits.LIMITS  # the name hides its module from here on
    receiving: Receiving = receiving.Received()

    # --- in -----------------------------------------------------------------------------------------------

    def signature(self, credentials: Credentials) -> Signature:
        return signature.signature(credentials)

    def handshake(self, credentials: Credentials, query: Mapping[str, str]) -> str | None:
        return signature.handshake(credentials, query)

    def parse(self, body: bytes) -> list[Incoming]:
        return webhooks.parse(body)

    # --- out ----------------------------------------------------------------------------------------------

    def problems(self, outgoing: Outgoing) -> list[str]:
        return limits.problems(outgoing)

    def explain(self, code: int) -> str:
        return refusals.explain(code)

    def is_gone(self, code: int) -> bool:
        return refusals.is_gone(code)

    def price_lists(self) -> tuple[PriceList, ...]:
        return price_list.price_lists()

    def is_hopeless(self, code: int) -> bool:
        return refusals.is_hopeless(code)

    def reach(self, said: Mapping[str, Any]) -> Reach | None:
        return account.reach(said)

    async def send(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        to: Address,
        outgoing: Outgoing,
        opaque: str,
    ) -> Accepted:
        try:
            content = _encode(bodies.message(to, outgoing, opaque))
        except UnicodeEncodeError:
            # Half of an emoji: problems() says so beforehand, and it must not stop the rest of a mailing.
            raise Refusal(Remedy.NEVER, code=131009, title="text that is not Unicode") from None
        address = client.url(credentials, credentials.number_id, "messages")
        body = await client.call(http, credentials, "POST", address, content=content, about_number=True)
        sent: _Sent = client.decoded(_sent, body)
        if not sent.messages:
            raise client.not_understood()
        taken = sent.messages[0]
        return Accepted(
            message_id=taken.id,
            user_id=sent.contacts[0].user_id if sent.contacts else None,
            held=taken.message_status in _HELD,
        )

    async def mark_read(
        self, http: aiohttp.ClientSession, credentials: Credentials, message_id: str, *, typing: bool = False
    ) -> None:
        content = _encode(bodies.read(message_id, typing=typing))
        address = client.url(credentials, credentials.number_id, "messages")
        await client.call(http, credentials, "POST", address, content=content)

    # --- its settings -------------------------------------------------------------------------------------

    def form(self) -> type[ProviderForm]:
        from arengo.platforms.whatsapp.form import NumberForm  # forms are needed in the console alone

        return NumberForm

    def facts(self, described: Mapping[str, Any]) -> list[tuple[str, str]]:
        from arengo.platforms.whatsapp.form import facts

        return facts(described)

    def template_state(self, status: str) -> str:
        return state_words.worded(state_words.TEMPLATE, status)

    def template_rejection(self, reason: str) -> str:
        return state_words.rejection(reason)

    # --- files --------------------------------------------------------------------------------------------

    async def upload(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        content: bytes,
        mime_type: str,
        filename: str,
    ) -> str:
        return await media.upload(http, credentials, content, mime_type, filename)

    async def download(
        self, http: aiohttp.ClientSession, credentials: Credentials, media_id: str, *, limit: int
    ) -> tuple[bytes, str]:
        return await media.download(http, credentials, media_id, limit=limit)

    # --- templates ----------------------------------------------------------------------------------------

    async def templates(self, http: aiohttp.ClientSession, credentials: Credentials) -> list[TemplateFound]:
        return await templates.found(http, credentials)

    async def create_template(
        self, http: aiohttp.ClientSession, credentials: Credentials, definition: dict[str, Any]
    ) -> TemplateFound:
        return await templates.create(http, credentials, definition)

    async def edit_template(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        template_id: str,
        change: dict[str, Any],
    ) -> None:
        await templates.edit(http, credentials, template_id, change)

    async def upload_example(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        content: bytes,
        mime_type: str,
        filename: str,
    ) -> str:
        return await templates.upload_example(http, credentials, content, mime_type, filename)

    async def delete_template(self, http: aiohttp.ClientSession, credentials: Credentials, name: str) -> None:
        await templates.delete(http, credentials, name)

    # --- the number and the account -----------------------------------------------------------------------

    async def block(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
        await account.block(http, credentials, to)

    async def unblock(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
        await account.unblock(http, credentials, to)

    async def subscribe(
        self, http: aiohttp.ClientSession, credentials: Credentials, callback_url: str
    ) -> None:
        await account.subscribe(http, credentials, callback_url)

    async def listeners(self, http: aiohttp.ClientSession, credentials: Credentials) -> list[str]:
        return await account.listeners(http, credentials)

    async def take_thread(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
        await account.take_thread(http, credentials, to)

    async def describe(self, http: aiohttp.ClientSession, credentials: Credentials) -> dict[str, Any]:
        return await account.describe(http, credentials)

    def chat_url(self, shown: str, text: str = "") -> str:
        return words.chat_url(shown, text)

    async def create_code(
        self, http: aiohttp.ClientSession, credentials: Credentials, prefilled_message: str
    ) -> account.Code:
        return await account.create_code(http, credentials, prefilled_message)

    async def codes(self, http: aiohttp.ClientSession, credentials: Credentials) -> list[account.Code]:
        return await account.codes(http, credentials)
