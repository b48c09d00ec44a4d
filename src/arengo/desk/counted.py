# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What figures count beside conversations and messages: each capability of the desk registers its own, from its AppConfig.

A grouping says to which groups a conversation belongs: its labels, the topic that it is about. An occurrence is something
that happened in a conversation: a redirect, a block. Figures (``insights``) ask both once a day and keep what they counted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

Groups = Mapping[int, Collection[str]]
"""A conversation's id → the keys of its groups."""


@dataclass(frozen=True)
class Grouping:
    """``title``: the heading of its table: «Etichetta». ``key`` stands in what is kept: a–z, and it never changes.

    ``of(since, until)``: the groups of these conversations, by what was said in each from its moment on, before ``until``.
    ``names(keys)``: how groups are called today; those that are gone are not there.
    """

    key: str
    title: str | Promise
    of: Callable[[Mapping[int, datetime], datetime], Groups]
    names: Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Occurrence:
    """``title``: the heading of its column. ``words(count)``: the noun for so many: «rimandi alle segnalazioni».

    ``between(start, end)``: one conversation's id for each time that it happened in ``[start, end)``.
    """

    key: str
    title: str | Promise
    words: Callable[[int], str]
    between: Callable[[datetime, datetime], Iterable[int]]


_groupings: dict[str, Grouping] = {}
_occurrences: dict[str, Occurrence] = {}


def register(*counted: Grouping | Occurrence) -> None:
    for each in counted:
        if isinstance(each, Grouping):
            _groupings[each.key] = each
        else:
            _occurrences[each.key] = each


def groupings() -> list[Grouping]:
    """In the order of registration."""
    return list(_groupings.values())


def occurrences() -> list[Occurrence]:
    """In the order of registration."""
    return list(_occurrences.values())
