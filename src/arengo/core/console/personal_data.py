# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each room holds of a citizen, and how it hands it out and erases it.

A room registers one :class:`Holding`, from its AppConfig. The audience knows who is who and asks all rooms when a citizen
wants their data, or wants them erased (``audience/privacy.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.utils.functional import Promise

Parts = Mapping[str, object]
"""JSON values, each under a name that no other room uses."""


@dataclass(frozen=True)
class Line:
    """One line that a person reads: when, what (or who), and the words."""

    label: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Chapter:
    """``lines`` are read once, one after the other: there may be many."""

    title: str
    lines: Iterable[Line]


@dataclass(frozen=True)
class HeldFile:
    """``open`` raises FileNotFoundError for one that is gone from the disk."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class Holding:
    """``words``: what it is, for a list on screen: «conversazioni, allegati, reazioni».

    The functions are given a contact's id, inside the organization's scope. ``export``: for machines; ``readable``: the same
    for people; ``files``: what lies on the disk; ``amounts``: how much it is, in words («46 messaggi»), of what an erasure takes
    away. ``erase`` is called in the transaction of the erasure, while name and addresses can still be read. A room that finds its
    rows by address has none: it listens to ``AddressErased``. ``copies``: it holds copies for days only, of many people at once,
    and erasing one takes away those of others; who is forgotten because their time is over leaves them to their own.
    """

    room: str
    words: str | Promise
    export: Callable[[int], Parts] | None = None
    erase: Callable[[int], None] | None = None
    readable: Callable[[int], Iterable[Chapter]] | None = None
    files: Callable[[int], Iterable[HeldFile]] | None = None
    amounts: Callable[[int], Sequence[str]] | None = None
    copies: bool = False


class NameTaken(Exception):
    """Two rooms hand out parts under one name: one of them would be lost."""


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _holdings[holding.room] = holding


def holdings() -> list[Holding]:
    """In the order of registration: lower rooms first."""
    return list(_holdings.values())


def export(contact_id: int) -> dict[str, object]:
    """The parts of all rooms. NameTaken is a mistake of a room."""
    parts: dict[str, object] = {}
    for holding in holdings():
        given = holding.export(contact_id) if holding.export else {}
        if taken := parts.keys() & given.keys():
            raise NameTaken(f"{holding.room}: {', '.join(sorted(taken))}")
        parts |= given
    return parts


def chapters(contact_id: int) -> Iterator[Chapter]:
    for holding in holdings():
        if holding.readable:
            yield from holding.readable(contact_id)


def files(contact_id: int) -> Iterator[HeldFile]:
    for holding in holdings():
        if holding.files:
            yield from holding.files(contact_id)


def amounts(contact_id: int) -> list[str]:
    """«1 nome», «46 messaggi»: of what there is none, nothing is said."""
    return [words for holding in holdings() if holding.amounts for words in holding.amounts(contact_id)]


def erase(contact_id: int) -> None:
    """Upper rooms first, since their rows refer to those of lower ones."""
    for holding in reversed(holdings()):
        if holding.erase:
            holding.erase(contact_id)


def forget(contact_id: int) -> None:
    """The same of somebody whose time is over."""
    for holding in reversed(holdings()):
        if holding.erase and not holding.copies:
            holding.erase(contact_id)
