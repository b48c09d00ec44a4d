# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the senders of the scope are called. The room that keeps them fills this section; rooms beside it, which know a
sender by its id alone, read it.
"""

from __future__ import annotations

from dataclasses import dataclass

LABELS = ("sender", "name", "organization")  # of metrics


@dataclass(frozen=True)
class SenderName:
    """``organization``: its short name."""

    id: int
    name: str
    organization: str

    @property
    def labels(self) -> tuple[str, str, str]:
        """The values of :data:`LABELS`."""
        return str(self.id), self.name, self.organization


@dataclass(frozen=True)
class SenderNames:
    all: tuple[SenderName, ...]

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(sender.id for sender in self.all)

    def of(self, sender_id: int) -> str:
        """Empty for one that is not of the scope."""
        return next((sender.name for sender in self.all if sender.id == sender_id), "")
