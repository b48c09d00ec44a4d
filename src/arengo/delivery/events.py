# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road out tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from arengo.platforms.contract import Address


@dataclass(frozen=True)
class OptedOut:
    """The platform refused because this person asked it for silence from us. ``at``: when, if it says; else now."""

    platform: str
    address: Address
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SenderMended:
    """A person resumed the sender, or changed how it is reached: what it could not do it may do now."""
