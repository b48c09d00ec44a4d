# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is counted, as values that are kept as JSON and added up.

Times are whole minutes in which the desk was open, one for each answer or closing, so that «half within» and «nine of ten
within» are exact for whatever days are put together. ``array_like``: a new field goes to the end, with a default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec


class Cell(msgspec.Struct, array_like=True):
    """One hour of a day.

    ``begun``: requests that began: a citizen's first message since the conversation was last closed. ``received``: citizens'
    messages to people; ``outside`` of them came while the desk was closed. ``sent``: messages of people to citizens.
    """

    begun: int = 0
    received: int = 0
    outside: int = 0
    sent: int = 0


class Group(msgspec.Struct, omit_defaults=True):
    """All conversations of a desk on a day, or those of a label, of a topic.

    ``first``: how long each first answer of this day was waited for; ``closed``: how long each request had lasted that was closed
    on this day, and ``unanswered`` of them had no answer. Both by the hour of the week in which the citizen asked: 0 is Monday
    from midnight to one. ``people``: contacts who wrote; ``subscribed`` of them were on the list at the end of the day.
    ``failed``: messages of people that did not reach the citizen. ``occurrences``: by the key of ``desk.counted.Occurrence``.
    """

    hours: dict[int, Cell] = {}
    first: dict[int, list[int]] = {}
    closed: dict[int, list[int]] = {}
    unanswered: int = 0
    people: list[int] = []
    subscribed: list[int] = []
    failed: int = 0
    occurrences: dict[str, int] = {}

    def cell(self, hour: int) -> Cell:
        return self.hours.setdefault(hour, Cell())


class DeskDay(msgspec.Struct, omit_defaults=True):
    """``groups``: by «grouping:key»: «label:3», «topic:Tributi»; "" are all conversations."""

    groups: dict[str, Group] = {}

    def group(self, name: str) -> Group:
        return self.groups.setdefault(name, Group())


class Work(msgspec.Struct, array_like=True):
    """What one operator did: messages, the waits for the first answers that they gave, the requests that they closed."""

    sent: int = 0
    first: list[int] = []
    closed: list[int] = []

    def add(self, other: Work) -> None:
        self.sent += other.sent
        self.first += other.first
        self.closed += other.closed


_desk_day = msgspec.json.Decoder(DeskDay)
_work = msgspec.json.Decoder(Work)


def read_day(content: str) -> DeskDay:
    return _desk_day.decode(content)


def read_work(content: str) -> Work:
    return _work.decode(content)


def written(value: DeskDay | Work) -> str:
    return msgspec.json.encode(value).decode()


def within(minutes: Iterable[int], tenths: int) -> int | None:
    """The smallest of the times within which so many tenths of all lie: 5 is the median. None where there are none."""
    ordered = sorted(minutes)
    return ordered[-(-len(ordered) * tenths // 10) - 1] if ordered else None


@dataclass
class Total:
    """Groups of several days or desks, added up. Names as in :class:`Cell` and :class:`Group`."""

    begun: int = 0
    received: int = 0
    outside: int = 0
    sent: int = 0
    unanswered: int = 0
    failed: int = 0
    first: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    subscribed: set[int] = field(default_factory=set)
    occurrences: Counter[str] = field(default_factory=Counter)

    def add(self, group: Group) -> None:
        for cell in group.hours.values():
            self.add_cell(cell)
        for minutes in group.first.values():
            self.first += minutes
        for minutes in group.closed.values():
            self.closed += minutes
        self.unanswered += group.unanswered
        self.people.update(group.people)
        self.subscribed.update(group.subscribed)
        self.failed += group.failed
        self.occurrences.update(group.occurrences)

    def add_cell(self, cell: Cell) -> None:
        self.begun += cell.begun
        self.received += cell.received
        self.outside += cell.outside
        self.sent += cell.sent

    @property
    def is_empty(self) -> bool:
        return not (self.received or self.sent or self.closed or self.occurrences)

    @property
    def only_asking(self) -> int:
        """People who wrote and were on the list on none of the days on which they did: never in both groups."""
        return len(self.people - self.subscribed)
