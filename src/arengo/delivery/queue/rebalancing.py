# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the numbers are spread over the workers that live: evenly, and nobody moves one for nothing.

Nobody coordinates. Living workers, what each owns and what it is giving up are advisory locks, which PostgreSQL shows to
everybody and takes back from the dead. Each worker looks, and does its own part of what all would decide alike:

* Of N numbers and M workers, the N mod M workers that have most keep one more than the others (``shares``).
* Who has more than its share gives up the surplus; who has less takes of what is free (``decide``).

Why it settles: let the distance be the sum over the workers of |what it has - its share|. The shares always add up to
N, and as the most loaded get the larger ones, no other pairing of workers and shares has a smaller distance. So each
single step, a number given up or taken, brings the distance one nearer to zero; and while it is not zero, some worker
has a step to make. Steps are made one worker at a time (``REBALANCING``), on what is true at that moment; a number being
given up no longer counts for its owner (``LEAVING``), however long its last messages take.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection

from arengo.delivery.sql import statement

# The first halves of the advisory locks' keys; the second is the number's id, or 0.
OWNED = 0x41524E  # «ARN»: this number is mine
LIVES = 0x41524F  # shared by all workers: I am here to own numbers
LEAVING = 0x415250  # this number of mine will be free in a moment
REBALANCING = 0x415251  # for the length of a transaction: I am making my step

_NAMED = "arengo locks "  # the session's application_name, before the worker's own name
_LONGEST = 63  # bytes: PostgreSQL cuts longer names off


@dataclass(frozen=True)
class World:
    """What the locks say. A worker is known by the process id of the session that holds its locks."""

    workers: frozenset[int]
    owner_of: Mapping[int, int]
    leaving: frozenset[int]


@dataclass(frozen=True)
class Step:
    take: list[int]
    give: list[int]

    def __bool__(self) -> bool:
        return bool(self.take or self.give)


def shares(counts: Mapping[int, int], numbers: int) -> dict[int, int]:
    """How many each worker should own: equal, and what cannot be shared out stays with those that have most."""
    least, over = divmod(numbers, len(counts))
    ranked = sorted(counts, key=lambda worker: (-counts[worker], worker))
    return {worker: least + (rank < over) for rank, worker in enumerate(ranked)}


def decide(me: int, numbers: Collection[int], world: World) -> Step:
    """This worker's part. ``numbers``: those that want an owner."""
    if me not in world.workers:
        return Step([], [])
    staying = {
        number: world.owner_of[number]
        for number in numbers
        if number in world.owner_of and number not in world.leaving
    }
    # Held by a session that is no worker's (an older version's, a person's): not ours to count on.
    foreign = {number for number, owner in staying.items() if owner not in world.workers}
    counts = dict.fromkeys(world.workers, 0)
    for number in staying.keys() - foreign:
        counts[staying[number]] += 1
    share = shares(counts, len(set(numbers)) - len(foreign))[me]
    mine = sorted(number for number, owner in staying.items() if owner == me)
    free = sorted(number for number in numbers if number not in world.owner_of)
    return Step(take=free[: max(0, share - len(mine))], give=mine[share:])


def look(rows: Collection[tuple[int, int, int]]) -> World:
    """The world as the rows of ``owners.sql`` tell it."""
    return World(
        workers=frozenset(pid for kind, _number, pid in rows if kind == LIVES),
        owner_of={number: pid for kind, number, pid in rows if kind == OWNED},
        leaving=frozenset(number for kind, number, _pid in rows if kind == LEAVING),
    )


def session_name(worker: str) -> str:
    """The application_name under which a worker's locks are held: everybody can see whose they are."""
    room = _LONGEST - len(_NAMED)
    plain = worker.encode("ascii", "replace").decode()
    if len(plain) > room:  # a long host name: the process id, at the end, must stay
        host, _, process = plain.rpartition(":")
        plain = f"{host[: room - len(process) - 1]}:{process}"
    return _NAMED + plain


def owners() -> dict[int, str]:
    """Sender's id → the name of the worker that owns it now (``host:process id``). A sender that is not in it has no owner."""
    return {int(number): _worker(name) for number, name in _names(OWNED)}


def workers() -> list[str]:
    """The names of the workers that live and may own numbers, whether they own one or not."""
    return [_worker(name) for _zero, name in _names(LIVES)]


def _names(kind: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement("owners_names"), {"kind": kind})
        return [(int(number), str(name)) for number, name in cursor.fetchall()]


def _worker(session: str) -> str:
    return session.removeprefix(_NAMED)
