# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures of ``/metrics``: each room registers its families, from its AppConfig.

A family is declared whole: its name, what it says of itself, its labels, and the function that takes its samples from a
snapshot. Names and labels follow Prometheus' conventions and stay as they are from version to version. No sample names a
person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from arengo.core.console.conditions import Place, Snapshot


@dataclass(frozen=True)
class Sample:
    """``labels``: the values, in the order of the family's labels."""

    value: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Distribution:
    """``buckets``: upper bound («1.0», «+Inf») and how many are not above it. ``total``: the sum of all values."""

    buckets: tuple[tuple[str, float], ...]
    total: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gauge:
    """A number that goes up and down."""

    name: str
    help: str
    samples: Callable[[Snapshot], Iterable[Sample]]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counter:
    """A number that only grows, until its process ends. ``name`` without «_total»."""

    name: str
    help: str
    samples: Callable[[Snapshot], Iterable[Sample]]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Histogram:
    """How values are distributed."""

    name: str
    help: str
    samples: Callable[[Snapshot], Iterable[Distribution]]
    labels: tuple[str, ...] = ()


Family = Gauge | Counter | Histogram

_families: dict[str, tuple[Place, Family]] = {}


def register(place: Place, *families: Family) -> None:
    """ValueError for a name that is there already."""
    for family in families:
        if family.name in _families:
            raise ValueError(f"the metric {family.name} is registered already")
        _families[family.name] = (place, family)


def families() -> list[Family]:
    """By place, those of one place as they were registered."""
    return [family for _place, family in sorted(_families.values(), key=lambda placed: placed[0])]
