# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each platform does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import aiohttp

from arengo.platforms.contract.addresses import Address
from arengo.platforms.contract.capabilities import (
    Blocks,
    Capabilities,
    CountsPeople,
    Handshakes,
    HandsOutFiles,
    HasTemplates,
    MarksRead,
    OpensChats,
    Subscribes,
    TakesFiles,
)
from arengo.platforms.contract.credentials import Credentials
from arengo.platforms.contract.incoming import Incoming
from arengo.platforms.contract.limits import Limits
from arengo.platforms.contract.outgoing import Accepted, Outgoing
from arengo.platforms.contract.words import Words

if TYPE_CHECKING:
    from arengo.platforms.forms import ProviderForm


class Signature(NamedTuple):
    """The header that carries it, in small letters, and a constant-time check: (its value, the raw body) → trusted or not.

    Made once a sender and asked for each webhook.
    """

    header: bytes
    ok: Callable[[bytes, bytes], bool]


class Platform(Protocol):
    """One folder under ``platforms/`` implements this, and of ``contract.capabilities`` what it can do.

    Methods that talk raise :class:`Refusal`.
    """

    name: str
    words: Words
    limits: Limits
    can: Capabilities

    def signature(self, credentials: Credentials) -> Signature:
        """How a webhook of this sender shows that it is the platform's."""
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

    def form(self) -> type[ProviderForm]:
        """In which an administrator types how a number talks to its provider."""
        ...

    def facts(self, described: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Of what ``describe`` gave: label and value of what staff may see, in the user's language."""
        ...

    async def send(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        to: Address,
        outgoing: Outgoing,
        opaque: str,
    ) -> Accepted: ...

    async def describe(self, http: aiohttp.ClientSession, credentials: Credentials) -> dict[str, Any]:
        """The number as the platform sees it (name, quality, limits): proof that the credentials work."""
        ...


class Everything(
    Platform,
    Blocks,
    CountsPeople,
    HandsOutFiles,
    Handshakes,
    HasTemplates,
    MarksRead,
    OpensChats,
    Subscribes,
    TakesFiles,
    Protocol,
):
    """A platform that can do all of it: what ``platforms.calls.call`` gives to who has asked for the ability before."""
