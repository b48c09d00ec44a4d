# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keyed hashes of addresses that one room holds, for a statement of another room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HashSet:
    """A set of hashes of ``Address.key``, asked in SQL: no member is fetched, and no address is opened.

    ``holds``: a condition with ``{hash}`` where the hash in question stands. It is asked once for each row that the other
    statement looks at, along an index. ``values``: its named parameters.
    """

    holds: str
    values: Mapping[str, Any]

    def condition(self, column: str) -> str:
        """Whether the hash in ``column`` is a member."""
        return self.holds.replace("{hash}", column)
