# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody says of the list, and what comes of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from arengo.audience.models import Consent, ContactKey, Identity, Subscription
from arengo.core.models import Person


class Outcome(enum.Enum):
    JOINED = "joined"
    ALREADY = "already"
    LEFT = "left"
    NOT_SUBSCRIBED = "not_subscribed"
    CONFIRMED = "confirmed"
    PENDING = "pending"  # a join that waits to be confirmed
    OVERTAKEN = "overtaken"  # a later word of theirs is known already


@dataclass(frozen=True)
class Step:
    """``first``: of a join, whether they were never on the list before.

    ``topics``, ``quarters``: ids of those that a subscriber receives from now on; none: all. ``about_topics``: whether the word
    named any, or changed which they receive. ``consent_id``, ``key``: the line of the log that says it, and the key under which
    it is sealed; 0 and None where nothing new was said.
    """

    subscription: Subscription
    outcome: Outcome
    first: bool = False
    topics: frozenset[int] = frozenset()
    about_topics: bool = False
    quarters: frozenset[int] = frozenset()
    consent_id: int = field(default=0, compare=False)
    key: ContactKey | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Words:
    """What somebody said of the list, when, and through which door: the proof.

    ``sender_id``: the number to which they said it. ``topics``, ``quarters``: ids, named together with a join. ``reason``: why
    they leave (``Reason``), where it is not the usual one of that door. ``way``, ``poster``: as of ``Consent``; without a way it
    is the plain one of the source. ``confirms``: of a join, it says yes to the one that waits.
    """

    identity: Identity
    action: Consent.Action
    at: datetime
    source: str
    message_id: str = ""
    text: str = ""
    sender_id: int = 0
    topics: tuple[int, ...] = ()
    by: Person | None = None
    reason: str = ""
    quarters: tuple[int, ...] = ()
    way: str = ""
    poster: str = ""
    confirms: bool = False
