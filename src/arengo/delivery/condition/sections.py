# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road out as sections of the snapshot: the scope's senders, how they are called, what is withheld."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.core.console.conditions import Sections
from arengo.core.console.senders import SenderName, SenderNames
from arengo.core.machine import Machine
from arengo.delivery.senders import status
from arengo.delivery.senders.status import SenderStatus
from arengo.delivery.timeline import deciding
from arengo.delivery.timeline.deciding import Outlook


@dataclass(frozen=True)
class Senders:
    all: tuple[SenderStatus, ...]


def read_senders(_sections: Sections) -> Senders:
    return Senders(tuple(status.read()))


def read_names(sections: Sections) -> SenderNames:
    return SenderNames(
        tuple(
            SenderName(sender.id, sender.name, sender.organization_slug)
            for sender in sections.of(Senders).all
        )
    )


def read_outlook(sections: Sections) -> Outlook:
    """While migrations are pending its table may not be there yet."""
    return Outlook() if sections.of(Machine).migrations_pending else deciding.outlook()
