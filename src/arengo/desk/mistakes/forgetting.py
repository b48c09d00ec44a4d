# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that are kept of a message beside the message itself go when it is erased.

A capability registers a function, from its AppConfig; it is given the message's id, in the transaction that erases it.
"""

from __future__ import annotations

from collections.abc import Callable

Forget = Callable[[int], None]

_forgetting: dict[str, Forget] = {}


def register(name: str, forget: Forget) -> None:
    _forgetting[name] = forget


def message_erased(message_id: int) -> None:
    for forget in _forgetting.values():
        forget(message_id)
