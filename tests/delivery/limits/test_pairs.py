# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many messages to one person: a burst, then one in six seconds, in the order of writing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from arengo.delivery.limits.pairs import Pairs
from arengo.platforms.registry import platform

ANNA, BRUNO = b"anna", b"bruno"
TO_ONE = platform("whatsapp").can.to_one
assert TO_ONE is not None
SECONDS, BURST = TO_ONE.seconds, TO_ONE.burst


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def send_all(pairs: Pairs, clock: Clock, messages: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Each comes at its time and again when it was told to; when each left. What is due together goes by its id."""
    coming, left = sorted(messages), []
    while coming:
        at, pk = coming.pop(0)
        clock.now = max(clock.now, at)
        wait = pairs.early(ANNA, pk)
        if wait:
            coming = sorted([*coming, (clock.now + wait, pk)])
        else:
            left.append((clock.now, pk))
    return left


def platform_takes(left: list[tuple[float, int]]) -> bool:
    """Meta's rule: a burst of 45, each of which has to be earned back in six seconds."""
    due = 0.0
    for at, _pk in left:
        due = max(due, at) + SECONDS
        if due - at > SECONDS * BURST + 0.001:
            return False
    return True


def test_a_burst_leaves_at_once_and_the_rest_one_in_six_seconds(clock: Clock) -> None:
    began = clock.now
    left = send_all(Pairs(TO_ONE, clock=clock), clock, [(began, pk) for pk in range(60)])
    assert [pk for _at, pk in left] == list(range(60))
    assert sum(at == began for at, _pk in left) == BURST
    gaps = [second[0] - first[0] for first, second in zip(left[BURST:], left[BURST + 1 :], strict=False)]
    assert gaps == pytest.approx([SECONDS] * 14)
    assert platform_takes(left)


@settings(deadline=None)
@given(st.lists(st.floats(0, 400), min_size=1, max_size=120))
def test_whenever_they_are_written_the_platform_takes_them_in_that_order(times: list[float]) -> None:
    clock = Clock()
    messages = [(clock.now + at, pk) for pk, at in enumerate(sorted(times))]
    left = send_all(Pairs(TO_ONE, clock=clock), clock, messages)
    assert [pk for _at, pk in left] == list(range(len(times)))
    assert platform_takes(left)


def test_others_are_not_concerned(clock: Clock) -> None:
    pairs = Pairs(TO_ONE, clock=clock)
    for pk in range(BURST + 5):
        pairs.early(ANNA, pk)
    assert pairs.early(ANNA, 99) > 0
    assert pairs.early(BRUNO, 100) == 0


def test_who_comes_later_does_not_overtake_who_waits(clock: Clock) -> None:
    pairs = Pairs(TO_ONE, clock=clock)
    for pk in range(BURST):
        assert pairs.early(ANNA, pk) == 0
    first = pairs.early(ANNA, 100)
    assert 0 < first <= SECONDS + 1
    clock.now += first + 0.001
    assert pairs.early(ANNA, 101) > 0, "there would be room, but it is another's"
    assert pairs.early(ANNA, 100) == 0


def test_after_the_platforms_own_complaint_only_this_pair_waits_longer_each_time(clock: Clock) -> None:
    pairs = Pairs(TO_ONE, clock=clock)
    waits = []
    for _ in range(4):
        assert pairs.early(ANNA, 1) == 0
        waits.append(pairs.refused(ANNA, 1))
        assert pairs.early(BRUNO, 2) == 0
        clock.now += waits[-1] + 0.01
    assert waits == [4, 16, 64, 256]


def test_behind_a_refused_message_the_order_stays(clock: Clock) -> None:
    pairs = Pairs(TO_ONE, clock=clock)
    assert pairs.early(ANNA, 1) == 0
    wait = pairs.refused(ANNA, 1)
    assert wait < pairs.early(ANNA, 2) < pairs.early(ANNA, 3)
    clock.now += wait + 0.01
    assert pairs.early(ANNA, 1) == 0
    pairs.went(ANNA)
    assert pairs.early(ANNA, 3) > 0
    clock.now += SECONDS
    assert pairs.early(ANNA, 2) == 0
    clock.now += SECONDS
    assert pairs.early(ANNA, 3) == 0


def test_one_that_never_comes_back_holds_nobody_for_long(clock: Clock) -> None:
    pairs = Pairs(TO_ONE, clock=clock)
    for pk in range(BURST + 1):  # the last has a time, and is then cancelled
        pairs.early(ANNA, pk)
    clock.now += 120
    assert pairs.early(ANNA, 1000) == 0


def test_a_mailing_to_a_whole_country_leaves_no_memory_behind(clock: Clock) -> None:
    pairs = Pairs(TO_ONE, clock=clock)
    for pk in range(100_000):
        assert pairs.early(b"%d" % pk, pk) == 0
        clock.now += 0.001
    assert len(pairs) < 20_000


def test_where_the_platform_sets_no_pace_only_what_it_complains_of_waits(clock: Clock) -> None:
    pairs = Pairs(None, clock=clock)
    assert [pairs.early(ANNA, pk) for pk in range(1000)] == [0.0] * 1000
    assert len(pairs) == 0
    wait = pairs.refused(ANNA, 1000)
    assert wait > 0
    assert pairs.early(ANNA, 1001) > 0
    assert pairs.early(BRUNO, 1002) == 0.0
    clock.now += wait
    assert pairs.early(ANNA, 1000) == 0.0
