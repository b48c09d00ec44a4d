# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pace of a number, against a platform that counts: never faster than its rate, hardly ever slower."""

from __future__ import annotations

import random
from bisect import bisect_left

import pytest
from hypothesis import given, settings, strategies as st

from arengo.delivery.limits.pace import Pace

RATES = st.sampled_from([1, 20, 80, 250])


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def sent_within(pace: Pace, clock: Clock, seconds: float) -> list[float]:
    """When each leaves, when everyone leaves as soon as they may."""
    end = clock.now + seconds
    sent: list[float] = []
    while clock.now < end:
        delay = pace.take()
        if delay:
            clock.now += delay
        else:
            sent.append(clock.now)
    return sent


def most_in_a_second(sent: list[float]) -> int:
    """Of all seconds, wherever they begin."""
    return max((bisect_left(sent, at + 1.0 - 1e-6) - place for place, at in enumerate(sent)), default=0)


class Platform:
    """Counts as the sandbox does: so many a second, and one second's worth saved up."""

    def __init__(self, clock: Clock, rate: float) -> None:
        self.clock, self.rate = clock, rate
        self.tokens, self.at = rate, clock.now

    def takes(self) -> bool:
        self.tokens = min(self.rate, self.tokens + (self.clock.now - self.at) * self.rate)
        self.at = self.clock.now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def run_against(platform: Platform, pace: Pace, clock: Clock, seconds: float) -> tuple[int, int]:
    """How many it took, and how many it refused as too fast."""
    end, taken, refused = clock.now + seconds, 0, 0
    while clock.now < end:
        delay = pace.take()
        if delay:
            clock.now += delay
        elif platform.takes():
            taken += 1
        else:
            refused += 1
            pace.slow_down()
    return taken, refused


@settings(deadline=None)
@given(RATES, st.integers(1, 15))
def test_no_more_than_the_rate_leaves_and_no_less(rate: int, seconds: int) -> None:
    clock = Clock()
    sent = sent_within(Pace(rate, clock=clock), clock, seconds)
    assert rate * seconds * 0.98 - 1 <= len(sent) <= rate * seconds + 1


@settings(deadline=None)
@given(RATES, st.lists(st.floats(0, 3), min_size=1, max_size=12), st.integers(0, 2**32))
def test_no_second_holds_more_than_the_rate_whatever_pauses_there_were(
    rate: int, pauses: list[float], seed: int
) -> None:
    clock, sent = Clock(), []
    pace = Pace(rate, clock=clock)
    chance = random.Random(seed)
    for pause in pauses:
        sent += sent_within(pace, clock, chance.uniform(0, 1.5))
        clock.now += pause
    assert most_in_a_second(sent) <= rate


def test_a_machine_that_stalls_for_a_moment_catches_up() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    sent = []
    for _ in range(100):
        sent += sent_within(pace, clock, 0.4)
        clock.now += 0.05  # nothing left meanwhile
    assert len(sent) >= 0.99 * 80 * 45
    assert most_in_a_second(sent) <= 80


@pytest.mark.parametrize("rate", [80, 1000])
def test_a_town_of_13000_takes_no_longer_than_the_platform_needs(rate: int) -> None:
    clock = Clock()
    pace, platform = Pace(rate, clock=clock), Platform(clock, rate)
    began, taken = clock.now, 0
    while taken < 13_000:
        delay = pace.take()
        if delay:
            clock.now += delay
        else:
            assert platform.takes()
            taken += 1
    assert clock.now - began <= 1.03 * 13_000 / rate


def test_a_first_complaint_costs_little_and_complaints_that_go_on_cost_more() -> None:
    clock = Clock()
    pace = Pace(1000, clock=clock)
    for _ in range(200):  # of what was under way: the same complaint
        pace.slow_down()
    assert pace.current == pytest.approx(850)
    for expected in (850 + 20, (850 + 20) * 0.7 + 20):
        clock.now += 1
        pace.take()
        assert pace.current == pytest.approx(expected)
        pace.slow_down()
    assert pace.current == pytest.approx(((850 + 20) * 0.7 + 20) * 0.5)


def test_it_recovers_slowly_to_the_whole_rate() -> None:
    clock = Clock()
    pace = Pace(1000, clock=clock)
    for _ in range(6):
        pace.slow_down()
        clock.now += 1
    pace.take()
    slow = pace.current
    assert slow < 150
    clock.now += 10
    pace.take()
    assert pace.current == pytest.approx(slow + 200)
    clock.now += 600
    pace.take()
    assert pace.current == pytest.approx(1000)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from([20, 80, 250]), st.floats(0.25, 0.95))
def test_against_a_slower_platform_it_finds_its_pace(rate: int, share: float) -> None:
    clock = Clock()
    pace, platform = Pace(rate, clock=clock), Platform(clock, rate * share)
    run_against(platform, pace, clock, 60)  # finds it
    taken, refused = run_against(platform, pace, clock, 120)
    assert taken >= 0.8 * rate * share * 120, "most of what the platform takes is used"
    assert refused <= 0.1 * (taken + refused), "and few are sent in vain"


def test_when_the_platform_is_itself_again_so_is_the_pace() -> None:
    clock = Clock()
    pace, platform = Pace(80, clock=clock), Platform(clock, 10)
    run_against(platform, pace, clock, 60)
    assert pace.current < 30
    platform.rate = 80
    run_against(platform, pace, clock, 60)
    assert run_against(platform, pace, clock, 60)[1] == 0
    assert pace.current == 80


def test_it_never_stands_still() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    for _ in range(20):
        clock.now += 1
        pace.slow_down()
    assert pace.current >= 80 * 0.05


def test_messages_that_come_in_count_with_those_that_leave() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    sent = []
    for _ in range(60):
        sent += sent_within(pace, clock, 0.5)
        pace.heard(15)  # thirty a second
    assert len(sent) == pytest.approx(50 * 30, rel=0.05)


def test_however_many_write_something_of_ours_leaves() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    sent = []
    for _ in range(60):
        sent += sent_within(pace, clock, 0.5)
        pace.heard(100_000)
    assert len(sent) >= 0.05 * 80 * 30


def test_after_a_quiet_night_no_old_message_counts() -> None:
    clock = Clock()
    pace = Pace(80, clock=clock)
    clock.now += 8 * 3600
    pace.heard(10_000)
    assert len(sent_within(pace, clock, 2)) >= 80


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Pace(0)
