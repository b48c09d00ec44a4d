# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong, and what to do about it: each room registers its kinds and the function that finds them in a snapshot.

The page *Stato del servizio*, ``arengo status`` and ``/metrics`` tell the same troubles in the same order and words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from arengo.core.console.conditions import Place, Snapshot


@dataclass(frozen=True)
class Kind:
    """``person``: as a rule somebody must act. The metrics show each kind, also while nothing is wrong."""

    name: str
    person: bool = True


@dataclass(frozen=True)
class Link:
    """The page where a trouble is mended. The address is made when it is asked for: the command line needs none."""

    words: str
    url_name: str
    args: tuple[int, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=self.args)


@dataclass(frozen=True)
class Trouble:
    """``person``: somebody must act; else it passes by itself and is only good to know. ``sender_id``: whom it concerns."""

    kind: str
    title: str
    remedy: str
    person: bool = True
    sender_id: int | None = None
    link: Link | None = None


Finder = Callable[[Snapshot], Iterable[Trouble]]


@dataclass(frozen=True)
class Provider:
    place: Place
    kinds: tuple[Kind, ...]
    find: Finder


_providers: list[Provider] = []


def register(place: Place, kinds: Sequence[Kind], find: Finder) -> None:
    """``find`` yields troubles of these kinds only, in the order in which they are told. ValueError for a kind of another."""
    taken = {kind.name for provider in _providers for kind in provider.kinds}
    for kind in kinds:
        if kind.name in taken:
            raise ValueError(f"the trouble {kind.name} is registered already")
    _providers.append(Provider(place, tuple(kinds), find))


def providers() -> list[Provider]:
    """In the order in which they are told: by place, those of one place as they were registered."""
    return sorted(_providers, key=lambda provider: provider.place)


def kinds() -> list[Kind]:
    return [kind for provider in providers() for kind in provider.kinds]


def troubles(snapshot: Snapshot) -> list[Trouble]:
    """What needs a person first; else in the order of the places."""
    found = [trouble for provider in providers() for trouble in provider.find(snapshot)]
    return sorted(found, key=lambda trouble: not trouble.person)
