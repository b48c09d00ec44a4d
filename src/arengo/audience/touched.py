# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizens of each object of the log, and those that wrote: for the list of people that a breach touches (GDPR art. 33, 34).

The log names conversations and blocks, which rooms above know. Each registers how its objects lead to citizens.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

Whose = Callable[[Collection[int]], Iterable[int]]
"""Ids of objects → ids of the citizens whom they are about."""
Wrote = Callable[[datetime, datetime], Iterable[int]]
"""From, and up to → ids of the citizens who wrote."""

_whose: dict[str, Whose] = {}
_wrote: dict[str, Wrote] = {}


def register(label: str, whose: Whose) -> None:
    """``label``: of the model, as the log has it: ``desk.Conversation``."""
    _whose[label] = whose


def register_writers(room: str, wrote: Wrote) -> None:
    _wrote[room] = wrote


def labels() -> Collection[str]:
    return _whose.keys()


def citizens(objects: Mapping[str, Collection[int]]) -> set[int]:
    """By label, ids of objects."""
    return {contact for label, ids in objects.items() if ids for contact in _whose[label](ids)}


def writers(first: datetime, last: datetime) -> set[int]:
    return {contact for wrote in _wrote.values() for contact in wrote(first, last)}
