# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts that rooms tell each other without knowing each other.

``config/events.py`` says who listens to which event. Events travel in batches, inside the publisher's transaction:
what a listener writes stands or falls with the fact itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

E = TypeVar("E")


@dataclass(frozen=True)
class Batch(Generic[E]):
    """Events of one type, one organization and one sender, in the order in which they happened.

    ``sender_id`` 0: of no sender in particular. ``platform`` is the sender's, where the event comes from outside.
    """

    organization_id: int
    sender_id: int
    events: Sequence[E]
    platform: str = ""


Listener = Callable[[Batch[Any]], None]

_listeners: dict[type[Any], list[Listener]] = defaultdict(list)


def listen(event_type: type[E], listener: Callable[[Batch[E]], None]) -> None:
    if listener not in _listeners[event_type]:
        _listeners[event_type].append(listener)


def publish(event_type: type[E], batch: Batch[E]) -> None:
    """Calls every listener of the type in the order of registration; an exception is the publisher's to handle."""
    if batch.events:
        for listener in _listeners[event_type]:
            listener(batch)
