# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a mailing said, in the words of the room that sent it.

Rooms above register how to describe their mailings; rooms beside or below ask here, and know none of them:

    announced.register(describe)        # in the AppConfig.ready of the room that sends mailings
    announced.of([fanout.pk])           # {fanout.pk: Announced(…)}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Announced:
    """``words``: all of its text. ``href`` leads to where everybody may read it, if there is such a page;
    ``staff_href`` to its page in the console, for who has one of ``staff_roles``.
    """

    title: str
    words: str
    at: datetime
    href: str = ""
    staff_href: str = ""
    staff_roles: tuple[str, ...] = ()


Describe = Callable[[Collection[int]], Mapping[int, Announced]]
"""Ids of fanouts → what they said; those of other rooms are left out. Called in the organization's scope."""

_describers: list[Describe] = []


def register(describe: Describe) -> None:
    if describe not in _describers:
        _describers.append(describe)


def of(fanouts: Collection[int]) -> dict[int, Announced]:
    """A mailing that no room knows (any more) is left out."""
    found: dict[int, Announced] = {}
    if fanouts:
        for describe in _describers:
            found |= describe(fanouts)
    return found
