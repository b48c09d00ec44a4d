# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each platform does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import aiohttp
import msgspec

from arengo.platforms.contract.addresses import Address
from arengo.platforms.contract.credentials import Credentials
from arengo.platforms.contract.incoming import Incoming
from arengo.platforms.contract.limits import Limits
from arengo.platforms.contract.outgoing import Accepted, Outgoing
from arengo.platforms.contract.receiving import Receiving


class TemplateFound(msgspec.Struct, frozen=True):
    """An approved (or not) template as the platform lists it. ``components`` is the platform's own JSON."""

    template_id: str
    name: str
    language: str
    status: str
    category: str
    parameter_format: str
    components: list[dict[str, Any]]
    reason: str = ""


class Reach(msgspec.Struct, frozen=True):
    """How many people outside a conversation an account may write to in 24 hours; None: as many as it likes."""

    people: int | None


class Signature(NamedTuple):
    """The header that carries it, in small letters, and a constant-time check: (its value, the raw body) → trusted or not.

    Made once a sender and asked for each webhook.
    """

    header: bytes
    ok: Callable[[bytes, bytes], bool]


class Platform(Protocol):
    """One folder under ``platforms/`` implements this. Methods that talk raise :class:`Refusal`."""

    name: str
    receiving: Receiving
    limits: Limits

    def signature(self, credentials: Credentials) -> Signature:
        """How a webhook of this sender shows that it is the platform's."""
        ...

    def handshake(self, credentials: Credentials, query: Mapping[str, str]) -> str | None:
        """The challenge to answer with when the query is the platform's own handshake, else None."""
        ...

    def parse(self, body: bytes) -> list[Incoming]:
        """Every event of one webhook body, in order. Never raises: what it cannot read is ``Unreadable``.

        Texts are storable (``core.outside.json_text``). Times are the platform's own, however wrong: intake, which
        knows when the webhook came, settles them; one that the platform did not tell is ``core.outside.NO_MOMENT``.
        """
        ...

    def problems(self, outgoing: Outgoing) -> list[str]:
        """What the platform would refuse about it, in the words of the user's language; empty when fine."""
        ...

    def explain(self, code: int) -> str:
        """What a refusal's code means and what to do, for staff, in the user's language."""
        ...

    def reach(self, said: Mapping[str, Any]) -> Reach | None:
        """The account's daily limit, where ``describe`` or a notice tells it; None when nothing is said of it."""
        ...

    async def send(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        to: Address,
        outgoing: Outgoing,
        opaque: str,
    ) -> Accepted: ...

    async def mark_read(
        self, http: aiohttp.ClientSession, credentials: Credentials, message_id: str, *, typing: bool = False
    ) -> None: ...

    async def upload(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        content: bytes,
        mime_type: str,
        filename: str,
    ) -> str:
        """The media id under which the platform now holds the file."""
        ...

    async def download(
        self, http: aiohttp.ClientSession, credentials: Credentials, media_id: str, *, limit: int
    ) -> tuple[bytes, str]:
        """Content and MIME type. ``limit`` in bytes: a larger file is a ``Refusal``; ``receiving`` knows what each means."""
        ...

    async def templates(
        self, http: aiohttp.ClientSession, credentials: Credentials
    ) -> list[TemplateFound]: ...

    async def create_template(
        self, http: aiohttp.ClientSession, credentials: Credentials, definition: dict[str, Any]
    ) -> TemplateFound: ...

    async def edit_template(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        template_id: str,
        change: dict[str, Any],
    ) -> None:
        """``change``: the keys of a definition that become others. The platform reviews the template anew."""
        ...

    async def upload_example(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        content: bytes,
        mime_type: str,
        filename: str,
    ) -> str:
        """A handle for the example file without which a template with a photo is not reviewed."""
        ...

    async def delete_template(
        self, http: aiohttp.ClientSession, credentials: Credentials, name: str
    ) -> None: ...

    async def block(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None: ...

    async def unblock(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None: ...

    async def subscribe(
        self, http: aiohttp.ClientSession, credentials: Credentials, callback_url: str
    ) -> None:
        """Ask the platform to send its webhooks to ``callback_url`` (it answers with its handshake)."""
        ...

    async def describe(self, http: aiohttp.ClientSession, credentials: Credentials) -> dict[str, Any]:
        """The number as the platform sees it (name, quality, limits): proof that the credentials work."""
        ...
