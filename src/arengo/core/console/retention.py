# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each room keeps, for how long, and what becomes of it: each room registers its own, from its AppConfig.

An organization may choose the period of a rule with :class:`Bounds` (``core/retention/periods.py``). What a rule ``forgets`` goes
each night, one organization after the other (``core/retention/running.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.functional import Promise

NIGHTLY = "core.forget_what_is_over"
"""The job of all rules that forget by themselves."""


@dataclass(frozen=True)
class Held:
    """What no job takes away, in the scope's organization: ``core/console/holds.py``.

    ``contacts``: ids of citizens. ``addresses``: the keyed hashes by which lower rooms know them.
    """

    contacts: Collection[int] = ()
    addresses: Collection[bytes] = ()


class Counts(Protocol):
    """Inside one organization's scope: what is older than ``before`` and not held; ``most``: no more than these are looked at."""

    def count(self, before: datetime, held: Held, *, most: int) -> int: ...

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        """Of what is over, how much stays because of holds."""

    def oldest(self) -> datetime | None: ...


class Forgets(Counts, Protocol):
    def forget(self, before: datetime, held: Held) -> int:
        """One batch, in a transaction of its own. Returns how many went; 0 when none is left."""


@dataclass(frozen=True)
class Bounds:
    """Within which an organization may choose, in days. ``most`` None: the installation's number is the longest, too.

    ``order``: its place among what is chosen; what concerns citizens most comes first.
    """

    least: int
    most: int | None = None
    order: int = 50


@dataclass(frozen=True)
class RetentionRule:
    """``name`` is «room.thing». ``words`` and ``after`` are for a list on screen: what it is, and what becomes of it.

    ``lasts`` is asked anew each time, since a setting may decide; it is the default of an organization that chose nothing. None: for
    as long as the organization wants it. ``setting``: the variable of the environment that decides it, whose default stands in
    ``config/environment.py``; "" where there is none. ``job``: the periodic task that takes it away, «room.function»; "" where
    something else does. ``bounds``: the organization may choose. ``because``: why it may not, where a citizen's data go after a time.
    ``counts``: how much of it goes, where a job of its own takes it away; ``forgets``: likewise, and how the night's job takes it away.
    """

    name: str
    words: str | Promise
    after: str | Promise
    lasts: Callable[[], timedelta] | None = None
    setting: str = ""
    job: str = ""
    bounds: Bounds | None = None
    because: str | Promise = ""
    counts: Counts | None = None
    forgets: Forgets | None = None

    @property
    def counted(self) -> Counts | None:
        return self.forgets or self.counts


_kept: dict[str, RetentionRule] = {}


def register(*things: RetentionRule) -> None:
    _kept.update({each.name: each for each in things})


def kept() -> list[RetentionRule]:
    """All there is, in the order of registration: lower rooms first."""
    return list(_kept.values())


def rule(name: str) -> RetentionRule:
    """LookupError for one that no room registered."""
    return _kept[name]
