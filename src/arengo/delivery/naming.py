# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people call a mailing, and where its page is: told by the rooms above that make mailings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    title: str
    url: str = ""


Namer = Callable[[Collection[int]], Mapping[int, Named]]

_namers: list[Namer] = []


def register(namer: Namer) -> None:
    """``namer`` answers, inside an organization's scope, for those of these mailings (ids) that are its own."""
    if namer not in _namers:
        _namers.append(namer)


def names_of(fanout_ids: Collection[int]) -> dict[int, Named]:
    found: dict[int, Named] = {}
    for namer in _namers:
        found |= namer(fanout_ids)
    return found
