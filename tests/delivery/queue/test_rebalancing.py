# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rule by which numbers are spread over workers: whatever happens, it ends even, and moves no number for nothing."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from django.db import connection
from hypothesis import given, settings, strategies as st

from arengo.delivery.queue import rebalancing
from arengo.delivery.queue.rebalancing import LIVES, OWNED, World, decide, shares

Event = tuple[str, int]


class Town:
    """Numbers and workers as PostgreSQL's locks would show them, with every step checked as it is made."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self.workers: set[int] = set()
        self.owner_of: dict[int, int] = {}
        self.leaving: set[int] = set()
        self.moved = 0
        self._next = 1

    def world(self) -> World:
        return World(frozenset(self.workers), dict(self.owner_of), frozenset(self.leaving))

    def counts(self) -> dict[int, int]:
        staying = Counter(
            self.owner_of[number]
            for number in self.numbers
            if number in self.owner_of and number not in self.leaving
        )
        return {worker: staying[worker] for worker in self.workers}

    def distance(self) -> int:
        counts = self.counts()
        wanted = shares(counts, len(self.numbers))
        return sum(abs(counts[worker] - wanted[worker]) for worker in self.workers)

    def happen(self, event: Event) -> None:
        kind, pick = event
        if kind == "join":
            self.workers.add(self._new())
        elif kind == "add":
            self.numbers.add(self._new())
        elif kind == "die" and self.workers:
            dead = _one_of(self.workers, pick)
            self.workers.remove(dead)
            for number in [number for number, owner in self.owner_of.items() if owner == dead]:
                self._free(number)
        elif kind == "stop" and self.numbers:
            number = _one_of(self.numbers, pick)
            self.numbers.remove(number)
            if number in self.owner_of:
                self._free(number)
        elif kind == "look" and self.workers:
            self.look(_one_of(self.workers, pick))
        elif kind == "wound up" and self.leaving:
            self._free(_one_of(self.leaving, pick))

    def look(self, me: int) -> bool:
        before = self.distance()
        step = decide(me, self.numbers, self.world())
        for number in step.take:
            assert number not in self.owner_of, "taken from under its owner"
            self.owner_of[number] = me
        for number in step.give:
            assert self.owner_of[number] == me
            self.leaving.add(number)
            self.moved += 1
        made = len(step.take) + len(step.give)
        assert self.distance() <= before - made, "a step that brings nothing nearer"
        return bool(step)

    def settle(self, order: random.Random) -> None:
        """Everybody looks, in any order, and what is being given up becomes free at any time, until nobody has a step."""
        most = 2 * (len(self.numbers) + len(self.workers)) + 2
        for _round in range(most):
            looking = sorted(self.workers)
            order.shuffle(looking)
            busy = [self.look(worker) for worker in looking]
            if not any(busy) and not self.leaving:
                return
            for number in sorted(self.leaving):
                if order.random() < 0.7 or not any(busy):
                    self._free(number)
        raise AssertionError("it never settles")

    def assert_even(self) -> None:
        assert set(self.owner_of) == self.numbers
        least, over = divmod(len(self.numbers), len(self.workers))
        assert sorted(self.counts().values()) == [least] * (len(self.workers) - over) + [least + 1] * over

    def _free(self, number: int) -> None:
        del self.owner_of[number]
        self.leaving.discard(number)

    def _new(self) -> int:
        self._next += 1
        return self._next


def _one_of(things: set[int], pick: int) -> int:
    return sorted(things)[pick % len(things)]


events = st.lists(
    st.tuples(
        st.sampled_from(
            ["join", "join", "add", "add", "add", "die", "stop", "look", "look", "look", "wound up"]
        ),
        st.integers(0, 1000),
    ),
    max_size=80,
)
seeds = st.integers(0, 2**32)


def settled_town(workers: int, numbers: int, seed: int) -> Town:
    town = Town()
    for _ in range(numbers):
        town.happen(("add", 0))
    for _ in range(workers):
        town.happen(("join", 0))
    town.settle(random.Random(seed))
    town.moved = 0
    return town


@given(events, seeds)
@settings(deadline=None, max_examples=300)
def test_whatever_comes_and_goes_it_ends_even_with_one_owner_each(happened: list[Event], seed: int) -> None:
    town = Town()
    town.happen(("join", 0))
    for event in happened:
        town.happen(event)
    if not town.workers:
        town.happen(("join", 0))
    town.settle(random.Random(seed))
    town.assert_even()
    town.moved = 0
    town.settle(random.Random(seed))
    assert town.moved == 0, "an even town moves nothing"


@given(st.integers(1, 9), st.integers(0, 40), seeds)
@settings(deadline=None)
def test_a_newcomer_gets_its_share_and_nothing_else_moves(workers: int, numbers: int, seed: int) -> None:
    town = settled_town(workers, numbers, seed)
    town.happen(("join", 0))
    town.settle(random.Random(seed))
    town.assert_even()
    assert town.moved == numbers // (workers + 1)


@given(st.integers(2, 9), st.integers(0, 40), st.integers(0, 8), seeds)
@settings(deadline=None)
def test_when_one_dies_only_its_numbers_move(workers: int, numbers: int, dead: int, seed: int) -> None:
    town = settled_town(workers, numbers, seed)
    town.happen(("die", dead))
    town.settle(random.Random(seed))
    town.assert_even()
    assert town.moved == 0


@given(st.integers(1, 9), st.integers(1, 40), st.integers(0, 39), seeds)
@settings(deadline=None)
def test_a_number_that_stops_moves_at_most_one_other(
    workers: int, numbers: int, stopped: int, seed: int
) -> None:
    town = settled_town(workers, numbers, seed)
    town.happen(("stop", stopped))
    town.settle(random.Random(seed))
    town.assert_even()
    assert town.moved <= 1


def test_three_workers_share_twelve_numbers_four_each() -> None:
    assert shares({1: 12, 2: 0, 3: 0}, 12) == {1: 4, 2: 4, 3: 4}


def test_what_cannot_be_shared_out_stays_with_those_that_have_most() -> None:
    assert shares({1: 1, 2: 2, 3: 2}, 5) == {1: 1, 2: 2, 3: 2}


def test_a_number_held_by_a_session_that_is_no_worker_is_not_counted() -> None:
    world = World(workers=frozenset({1, 2}), owner_of={10: 99, 11: 1, 12: 1}, leaving=frozenset())
    assert decide(1, [10, 11, 12], world).give == [12]
    assert decide(2, [10, 11, 12], world) == rebalancing.Step([], [])


def test_who_is_not_known_to_live_does_nothing() -> None:
    assert not decide(3, [10], World(frozenset({1}), {}, frozenset()))


def test_the_name_of_a_session_keeps_its_process_id_however_long_the_host_is() -> None:
    name = rebalancing.session_name(f"{'fé' * 60}:12345")
    assert len(name.encode()) == 63
    assert name.endswith(":12345")


@pytest.mark.django_db(transaction=True)
def test_the_locks_say_who_lives_and_who_owns_what() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('application_name', %s, false)", [rebalancing.session_name("uno:7")]
        )
        cursor.execute("SELECT pg_advisory_lock_shared(%s, 0), pg_advisory_lock(%s, 41)", [LIVES, OWNED])
        try:
            assert rebalancing.owners() == {41: "uno:7"}
            assert rebalancing.workers() == ["uno:7"]
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")
            cursor.execute("SELECT set_config('application_name', '', false)")
    assert rebalancing.owners() == {}
