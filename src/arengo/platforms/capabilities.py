# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What some platforms can do and others need not. Ask with ``isinstance`` before use."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import aiohttp

from arengo.platforms.contract import Address, Credentials


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
