# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sender in its owner's hands, and one of the deliveries that the owner took from the outbox."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from arengo.platforms.contract import Address, Credentials, Outgoing


@dataclass(frozen=True)
class OwnedSender:
    """A sender while this process owns it."""

    id: int
    organization_id: int
    platform: str
    credentials: Credentials
    rate: int
    epoch: int
    tier: int | None = None  # people a day, where the platform sets a limit


class Claimed(msgspec.Struct, frozen=True, gc=False):
    """One delivery in the owner's hands. ``lane`` is the address's hash: within a lane, messages keep their order."""

    id: int
    urgency: int
    address: Address
    lane: bytes
    outgoing: Outgoing
    attempts: int
    outages: int = 0  # tries at which nobody answered
    single: bool = False  # of no mailing
