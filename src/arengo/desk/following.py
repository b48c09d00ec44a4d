# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands beside a conversation or a citizen follows them when two become one.

A capability registers a function, from its AppConfig; it is called in the transaction of the merge, before the row that goes
is deleted with all that still refers to it.
"""

from __future__ import annotations

from collections.abc import Callable

Move = Callable[[int, int], None]
"""Moves the rows of the second id, which goes, to the first, which is kept."""

_of_conversations: dict[str, Move] = {}
_of_contacts: dict[str, Move] = {}


def register(name: str, *, conversation: Move | None = None, contact: Move | None = None) -> None:
    """``name``: the capability's. ``conversation`` and ``contact``: what moves rows of either."""
    if conversation is not None:
        _of_conversations[name] = conversation
    if contact is not None:
        _of_contacts[name] = contact


def conversations_merged(kept_id: int, gone_id: int) -> None:
    for move in _of_conversations.values():
        move(kept_id, gone_id)


def contacts_merged(kept_id: int, gone_id: int) -> None:
    for move in _of_contacts.values():
        move(kept_id, gone_id)
