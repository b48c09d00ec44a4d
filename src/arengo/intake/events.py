# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road in asks the rooms above. ``config/events.py`` says who answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from arengo.platforms.contract import Address


@dataclass(frozen=True)
class AddressesOfPeople:
    """Which addresses are one person's, among people known already: whoever knows adds each person's to ``known``."""

    addresses: Sequence[Address]
    known: list[Address] = field(default_factory=list)
