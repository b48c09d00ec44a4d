# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road in tells and asks other rooms. ``config/events.py`` says who answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from arengo.platforms.contract import Address, MessageReceived


@dataclass(frozen=True)
class SenderHeard:
    """That webhooks came for the batch's sender, the latest at ``at``. Told once in some seconds, however many came."""

    at: datetime


@dataclass(frozen=True)
class AddressesOfPeople:
    """Which addresses are one person's, among people known already: the listener adds each person's to ``known``."""

    addresses: Sequence[Address]
    known: list[Address] = field(default_factory=list)


@dataclass(frozen=True)
class MayWait:
    """Which of these messages cost much to apply and are no question to a person: who knows says so in ``lanes``, by message id.

    A lane is a word of that room's own (``join``); what is in one waits for nothing in another.
    """

    messages: Sequence[MessageReceived]
    lanes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MayBeKept:
    """Which of these applied messages the journal may not keep: who knows adds their ids to ``private``."""

    messages: Sequence[MessageReceived]
    private: set[str] = field(default_factory=set)
