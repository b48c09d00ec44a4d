# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What some platforms can do and others cannot. The engine asks, and knows no platform.

What is a matter of yes, no or how much stands in :class:`Capabilities`, which each platform has; it is read once a sender or
batch. What a platform must act for is a protocol of its own: ask with ``isinstance`` before use. A platform that lacks one has
nothing to write for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

import aiohttp
import msgspec

from arengo.core.lengths import Limit
from arengo.platforms.contract.addresses import Address
from arengo.platforms.contract.credentials import Credentials
from arengo.platforms.contract.outgoing import Text
from arengo.platforms.contract.receiving import Receiving


@dataclass(frozen=True, slots=True)
class ToOne:
    """The pace towards one person: a message in ``seconds``, or ``burst`` at once, borrowed from the time to come."""

    seconds: float
    burst: int


@dataclass(frozen=True, slots=True)
class Pressing:
    """What a person may be given to press: so many buttons under one message, or so many rows of one list, and how long the words are."""

    body: Limit  # over buttons, over a list, of a request
    buttons: int
    button: Limit
    rows: int
    row: Limit
    description: Limit  # below the title of a row


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Of a platform. Without a word it is the plainest: it sends texts, at any time, to anybody, and tells nothing afterwards.

    ``sends``: the kinds of ``contract.Outgoing`` that it takes.
    ``needs_templates``: who is not in a conversation is reached by an approved template alone.
    ``window``: for how long after a person's last message they may be answered; None: always.
    ``receipts``: it tells what becomes of a message; without, one that it accepted has come as far as anybody will know.
    ``edits``, ``deletes``: what we sent can be changed, or taken back, afterwards.
    ``polls``: it carries votes. ``broadcasts``: one message reaches everybody who follows, without an address.
    ``to_one``: None: as fast as the number may. ``pressing``: None: it carries nothing to press.
    """

    sends: frozenset[type[msgspec.Struct]] = frozenset({Text})
    needs_templates: bool = False
    window: timedelta | None = None
    receipts: bool = False
    edits: bool = False
    deletes: bool = False
    polls: bool = False
    broadcasts: bool = False
    to_one: ToOne | None = None
    pressing: Pressing | None = None


class Reach(msgspec.Struct, frozen=True):
    """How many people outside a conversation an account may write to in 24 hours; None: as many as it likes."""

    people: int | None


@runtime_checkable
class CountsPeople(Protocol):
    """An account may write first to so many people a day."""

    people_a_day: tuple[int, ...]  # the steps of its limit; beyond the last there is none

    def reach(self, said: Mapping[str, Any]) -> Reach | None:
        """The account's daily limit, where ``describe`` or a notice tells it; None when nothing is said of it."""
        ...


@runtime_checkable
class Handshakes(Protocol):
    """Before it sends its webhooks the platform asks whether somebody is there."""

    def handshake(self, credentials: Credentials, query: Mapping[str, str]) -> str | None:
        """The challenge to answer with when the query is the platform's own handshake, else None."""
        ...


@runtime_checkable
class OpensChats(Protocol):
    """A link opens a conversation with a number."""

    def chat_url(self, shown: str, text: str = "") -> str:
        """``shown``: the number as citizens read it. ``text``: what is written already when the chat opens."""
        ...


@runtime_checkable
class MarksRead(Protocol):
    async def mark_read(
        self, http: aiohttp.ClientSession, credentials: Credentials, message_id: str, *, typing: bool = False
    ) -> None:
        """The person sees that their message was read, and that somebody writes, if so."""
        ...


class Sendable(msgspec.Struct, frozen=True):
    """Bytes of the largest picture, and of the largest other file."""

    image_most_bytes: int
    document_most_bytes: int


@runtime_checkable
class TakesFiles(Protocol):
    sendable: Sendable

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


@runtime_checkable
class HandsOutFiles(Protocol):
    """What a person sent is fetched."""

    receiving: Receiving

    async def download(
        self, http: aiohttp.ClientSession, credentials: Credentials, media_id: str, *, limit: int
    ) -> tuple[bytes, str]:
        """Content and MIME type. ``limit`` in bytes: a larger file is a ``Refusal``; ``receiving`` knows what each means."""
        ...


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


@runtime_checkable
class HasTemplates(Protocol):
    """Messages that the platform approves before they are sent."""

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


@runtime_checkable
class NamesTemplateStates(Protocol):
    """Its codes for how a template stands, in words for staff, in the language of the reader."""

    def template_state(self, status: str) -> str: ...

    def template_rejection(self, reason: str) -> str:
        """Of a reason that is no code of the platform's: what was given."""
        ...


@runtime_checkable
class Blocks(Protocol):
    """What somebody sends does not arrive any more."""

    async def block(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None: ...

    async def unblock(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None: ...


@runtime_checkable
class Subscribes(Protocol):
    async def subscribe(
        self, http: aiohttp.ClientSession, credentials: Credentials, callback_url: str
    ) -> None:
        """Ask the platform to send its webhooks to ``callback_url`` (it answers with its handshake)."""
        ...


@runtime_checkable
class TakesThreads(Protocol):
    """Several responders may share a number; a conversation belongs to one of them at a time."""

    async def take_thread(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
        """The conversation with this person is ours from now on. Refusal when the platform does not give it."""
        ...


@runtime_checkable
class TellsListeners(Protocol):
    """The platform says where it delivers what arrives."""

    async def listeners(self, http: aiohttp.ClientSession, credentials: Credentials) -> list[str]:
        """The addresses of the webhooks, as the platform has them; empty when it delivers to nobody."""
        ...


@runtime_checkable
class TellsHopeless(Protocol):
    """A refusal may say that the same message to the same person is refused again, whenever it is sent."""

    def is_hopeless(self, code: int) -> bool:
        """As a rule: a person may know better, and is not kept from trying."""
        ...


class PriceList(msgspec.Struct, frozen=True):
    """What the platform charges for a delivered message, from a day on: its public rates, which a contract may change.

    ``market``: the country of the numbers written to (ISO 3166). ``rates`` and ``free_per_month`` (a number and calendar
    month) by category. ``source`` is shown to who uses it.
    """

    market: str
    currency: str
    valid_from: date
    checked_on: date
    source: str
    rates: dict[str, Decimal]
    free_per_month: dict[str, int] = {}


@runtime_checkable
class PublishesPrices(Protocol):
    def price_lists(self) -> tuple[PriceList, ...]:
        """All that are known, also former ones."""
        ...


@runtime_checkable
class TellsGone(Protocol):
    """A refusal may say that nobody is reached at this address any more."""

    def is_gone(self, code: int) -> bool:
        """Whether a refusal with this code says so: of the address itself, not of one message or of the moment."""
        ...
