# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who left the list are not forgotten while something of theirs is still kept: each room says what, from its AppConfig.

A room above this one knows what it holds: the desk its messages, blocks their time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

Reason = Callable[[Collection[int]], Iterable[int]]

_reasons: dict[str, Reason] = {}


def register(name: str, reason: Reason) -> None:
    """``reason(ids)``: of these citizens of the scope those who stay. It is asked of some thousands at once, along an index."""
    _reasons[name] = reason


def of(contact_ids: Collection[int]) -> set[int]:
    """Of these citizens those who stay, for whatever reason."""
    return {pk for reason in _reasons.values() for pk in reason(contact_ids)} if contact_ids else set()
