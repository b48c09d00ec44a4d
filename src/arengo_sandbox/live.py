# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the open phones hear at once: every change in the chats of the people that they show."""

from __future__ import annotations

import asyncio
from typing import Any

QUEUE = 1000


class Listener:
    """One open page: the people it shows and the changes it has not been told yet."""

    def __init__(self, people: frozenset[int]) -> None:
        self.people = people
        self.changes: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(QUEUE)


class Live:
    """Hands each change to the pages that show the person. Costs nothing while no page is open."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def listen(self, people: frozenset[int]) -> Listener:
        listener = Listener(people)
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def shows(self, person: int) -> bool:
        """Whether anybody looks: spares the work of describing a change to nobody."""
        return any(person in listener.people for listener in self._listeners)

    def publish(self, person: int, change: dict[str, Any]) -> None:
        change["who"] = f"p{person}"
        for listener in list(self._listeners):
            if person not in listener.people:
                continue
            if listener.changes.full():
                # The page fell behind: it reconnects and reads everything again.
                self._listeners.discard(listener)
                while not listener.changes.empty():
                    listener.changes.get_nowait()
                listener.changes.put_nowait(None)
            else:
                listener.changes.put_nowait(change)

    def close(self) -> None:
        for listener in list(self._listeners):
            if not listener.changes.full():
                listener.changes.put_nowait(None)
