# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be searched. Each capability registers its kinds, from its AppConfig, and its tables (``indexing.searched``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Source:
    """What a hit shows of its row. ``text``: where the words were found. ``what``: «messaggio», «nota interna di Ada».

    ``message_id``: the message at which the conversation opens; None where it opens as always.
    """

    text: str
    what: str
    message_id: int | None = None


@dataclass(frozen=True)
class Kind:
    """``key``: at most 12 letters; it stands in the index and never changes. ``icon``, ``tone``: of a hit's line, "" for a plain one.

    ``load``: the rows of these ids, in the scope's organization; one that is gone is left out.
    """

    key: str
    label: str | Promise
    order: int
    load: Callable[[Collection[int]], Mapping[int, Source]]
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Narrowing:
    """A filter that a capability adds: labels. ``name``: in addresses, letters only.

    ``choices``: (value, label) in the scope's organization. ``condition``: SQL about ``c``, the conversation, with ``{value}``
    where the chosen value comes: ``c.id IN (SELECT … WHERE label_id = {value})``.
    """

    name: str
    label: str | Promise
    choices: Callable[[], Sequence[tuple[int, str]]]
    condition: str


_kinds: dict[str, Kind] = {}
_narrowings: dict[str, Narrowing] = {}


def register(*kinds: Kind) -> None:
    _kinds.update({kind.key: kind for kind in kinds})


def narrow(narrowing: Narrowing) -> None:
    if not narrowing.name.isalpha():
        raise ValueError(f"{narrowing.name!r} is not made of letters")
    _narrowings[narrowing.name] = narrowing


def registered() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def narrowings() -> list[Narrowing]:
    return list(_narrowings.values())
