# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road out tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from arengo.platforms.contract import Address


@dataclass(frozen=True)
class OptedOut:
    """The platform refused because this person asked it for silence from us."""

    address: Address
    at: datetime | None = None  # when, where a receipt told it
