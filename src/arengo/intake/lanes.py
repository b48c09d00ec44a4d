# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may wait does so in a lane of its own, so that nobody's question waits behind thousands who join a list.

A batch that brings more than a few messages that may wait (``events.MayWait``), or comes while some wait already, is sorted:
rows with such messages go behind, by lane, and are applied in slices of a moment each, all else is applied at once. Each
person's events keep their order of arrival: who asks something, or says something of another lane, takes what waits of theirs
along. A row may be applied in pieces: what of it was told is known (``handing_out``), so nothing happens twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db import connection

from arengo.core import bulk
from arengo.core.events import Batch, publish
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.intake import rows as journal
from arengo.intake.events import MayWait
from arengo.intake.handing_out import known_addresses
from arengo.intake.ordering import Arrived, People, addresses_of, parts_of
from arengo.intake.rows import Row
from arengo.intake.sql import statement
from arengo.platforms.contract import Address, MessageReceived

_FEW: Final = 100  # messages of a batch that are applied with it while nobody waits behind
SLICE: Final = 0.3  # seconds that a slice should take
# Events of one slice. With fewer, what each transaction costs by itself outweighs them: on a busy machine smaller slices would
# make each event seem dearer, and the next slice smaller still.
_LEAST, _MOST = 200, 2000


@dataclass
class Sorted:
    """What of a batch is applied now, by organization; which rows are done with it, and which go behind, and where."""

    now: dict[int, list[Arrived]]
    done: list[Row]
    behind: dict[int, tuple[str, set[int]]] = field(default_factory=dict)  # by row: lane and people


def sort_out(rows: Sequence[Row], arrived: dict[int, list[Arrived]]) -> Sorted:
    """Of parsed rows that are locked, and their events by organization."""
    messages = [one for events in arrived.values() for one in events if addresses_of(one.event)]
    if not messages or (len(messages) <= _FEW and not _somebody_waits()):
        return Sorted(arrived, list(rows))
    sorting = _Sorting(rows)
    for organization_id, events in arrived.items():
        with organization_scope(organization_id):
            sorting.take(organization_id, events)
    return sorting.sorted


def put_behind(behind: dict[int, tuple[str, set[int]]], rows: Sequence[Row]) -> None:
    """``rows``: those of the batch, parsed; what goes behind need not be read again."""
    if behind:
        for row in rows:
            if row.id in behind:
                journal.parsed.keep(row)
        people = ["{" + ",".join(map(str, sorted(hashes))) + "}" for _lane, hashes in behind.values()]
        with connection.cursor() as cursor:
            cursor.execute(
                statement("put_behind"),
                {
                    "ids": bulk.array("bigint", behind),
                    "lanes": bulk.array("text", [lane for lane, _people in behind.values()]),
                    "people": bulk.array("text", people),
                },
            )


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement("anybody_behind"))
        return bool(cursor.fetchall()[0][0])


class _Sorting:
    def __init__(self, rows: Sequence[Row]) -> None:
        self._row_of = {id(event): row for row in rows for event in row.events}
        self.sorted = Sorted({}, list(rows))

    def take(self, organization_id: int, arrived: Sequence[Arrived]) -> None:
        lanes = _lanes(organization_id, arrived)
        people = People()
        for one in arrived:
            people.join(one.platform, addresses_of(one.event))
        _join_known(organization_id, arrived, people)
        persons = [people.of(one.platform, addresses_of(one.event)) for one in arrived]
        said: dict[str, set[str]] = defaultdict(set)  # by person: the lanes of what they said
        for one, person in zip(arrived, persons, strict=True):
            if person is not None:
                said[person].add(lanes.get(_message_id(one.event), ""))
        parts = people.all()
        own = {person: _hashes(organization_id, parts[person]) for person in said}
        waiting = _waiting_of({hashed for hashes in own.values() for hashed in hashes})
        elsewhere: dict[int, set[str]] = defaultdict(set)  # by hash: the lanes in which they wait
        for _row, lane, theirs in waiting:
            for hashed in theirs:
                elsewhere[hashed].add(lane)
        hasty = {
            person
            for person, words in said.items()
            if "" in words or len(words.union(*(elsewhere[hashed] for hashed in own[person]))) > 1
        }
        before = self._release(organization_id, waiting, {h for person in hasty for h in own[person]})
        now = [one for one, person in zip(arrived, persons, strict=True) if person is None or person in hasty]
        self.sorted.now[organization_id] = [*before, *now]
        for one, person in zip(arrived, persons, strict=True):
            if person is not None and person not in hasty:
                self._put_behind(self._row_of[id(one.event)], lanes[one.event.message_id], own[person])

    def _put_behind(self, row: Row, lane: str, hashes: set[int]) -> None:
        known = self.sorted.behind.get(row.id)
        if known is None:
            self.sorted.behind[row.id] = (lane, set(hashes))
            self.sorted.done = [one for one in self.sorted.done if one is not row]
        else:
            known[1].update(hashes)

    def _release(
        self, organization_id: int, waiting: Sequence[tuple[Row, str, set[int]]], hasty: set[int]
    ) -> list[Arrived]:
        """What waits of these people. A row in which nobody else's is left is done."""
        released = []
        for row, _lane, theirs in waiting:
            if not theirs & hasty:
                continue
            journal.parse(row)
            others = False
            for one in journal.addressed([row]).get(organization_id, ()):
                addressed = addresses_of(one.event)
                if _hashes(organization_id, parts_of(one.platform, addressed)) & hasty:
                    released.append(one)
                else:
                    others = True
            if not others:
                self.sorted.done.append(row)
        return released


def _lanes(organization_id: int, arrived: Sequence[Arrived]) -> dict[str, str]:
    """By message id."""
    found: dict[str, str] = {}
    for platform in {one.platform for one in arrived}:
        asked = MayWait(
            [
                one.event
                for one in arrived
                if one.platform == platform and isinstance(one.event, MessageReceived)
            ],
            found,
        )
        publish(MayWait, Batch(organization_id, 0, [asked], platform))
    return found


def _join_known(organization_id: int, arrived: Sequence[Arrived], people: People) -> None:
    """Those of whom the number alone is told, or the user id alone: what waits of them may have been told by the other."""
    halves: dict[str, dict[Address, None]] = defaultdict(dict)
    for one in arrived:
        for address in addresses_of(one.event):
            if not (address.phone and address.user_id):
                halves[one.platform][address] = None
    for platform, addresses in halves.items():
        for known in known_addresses(organization_id, platform, list(addresses)):
            people.join(platform, [known])


def _message_id(event: Any) -> str:
    return event.message_id if isinstance(event, MessageReceived) else ""


def _hashes(organization_id: int, parts: Any) -> set[int]:
    """Numbers and user ids as numbers that tell nothing."""
    message_hash = vault().message_hash
    return {
        int.from_bytes(message_hash(f"{organization_id} {part}")[:8], "big", signed=True) for part in parts
    }


def _waiting_of(hashes: set[int]) -> list[tuple[Row, str, set[int]]]:
    """Rows that wait behind and are about these people, locked; with their lanes."""
    if not hashes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement("behind_of"), {"people": "{" + ",".join(map(str, hashes)) + "}"})
        return [(Row(*row[:8]), row[8], set(row[9])) for row in cursor.fetchall()]


# --- the lanes, slice by slice ----------------------------------------------------------------------------------------


def lanes() -> list[str]:
    """Those in which somebody waits."""
    with connection.cursor() as cursor:
        cursor.execute(statement("lanes"))
        return sorted(row[0] for row in cursor.fetchall())


class Slice(NamedTuple):
    """Rows of one lane, locked and parsed, each with those of its events whose turn it is."""

    ending: list[Row]  # nothing of them is left afterwards
    going_on: Row | None
    left: list[Any]  # events of the one that goes on

    @property
    def rows(self) -> list[Row]:
        return [*self.ending, self.going_on] if self.going_on else self.ending

    @property
    def events(self) -> int:
        return sum(len(row.events) for row in self.rows)


class _Begun(NamedTuple):
    """A long row of which some slices stand. A row that was marked or put off meanwhile has more attempts, and begins anew."""

    row_id: int
    attempts: int
    left: list[Any]
    problems: list[str]


class Slices:
    """How much is taken of a lane at once, by how long the last slices took, and how far a long row has come."""

    def __init__(self) -> None:
        self._seconds = SLICE / _LEAST  # an event, at first
        self._most = _MOST  # half as many after a failure, twice as many after each that went well
        self._numbers: dict[str, int] = {}  # by lane: how many numbers had something in the last slice
        self._begun: dict[str, _Begun] = {}  # by lane

    @property
    def size(self) -> int:
        return min(self._most, max(_LEAST, int(SLICE / self._seconds)))

    def take(self, lane: str) -> Slice:
        """Empty where nobody waits any more, or another reader is at it: each person's words stay in order."""
        most = self.size
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"lane {lane}"])
            if not cursor.fetchall()[0][0]:
                return Slice([], None, [])
            begun = self._begun.get(lane)
            of_each = max(1, -(-most // self._numbers.get(lane, 1)))
            cursor.execute(
                statement("slice"),
                {
                    "lane": lane,
                    "most": of_each,
                    "begun": begun.row_id if begun else 0,
                    "attempts": begun.attempts if begun else 0,
                },
            )
            rows = [Row(*row) for row in cursor.fetchall()]
        self._numbers[lane] = max(1, len({row.sender_id for row in rows}))
        ending: list[Row] = []
        for row in rows:
            if most <= 0:
                break
            if begun is not None and (begun.row_id, begun.attempts) == (row.id, row.attempts):
                row.events, row.problems = begun.left, list(begun.problems)
            else:
                journal.parse(row)
            left, row.events = row.events[most:], row.events[:most]
            if left:
                return Slice(ending, row, left)
            most -= len(row.events)
            ending.append(row)
        return Slice(ending, None, [])

    def stands(self, lane: str, taken: Slice, seconds: float) -> None:
        """The slice is committed, so many seconds after it was begun."""
        self._begun.pop(lane, None)
        if taken.going_on is not None:
            row = taken.going_on
            self._begun[lane] = _Begun(row.id, row.attempts, taken.left, row.problems)
        if taken.events:
            self._seconds = max(1e-6, (self._seconds + seconds / taken.events) / 2)
        self._most = min(_MOST, self._most * 2)

    def failed(self, taken: Slice | None) -> None:
        """Fewer the next time. Nothing of it stands, but what the slices before it applied of a long row does."""
        self._most = max(1, (taken.events if taken else self._most) // 2)


slices = Slices()
