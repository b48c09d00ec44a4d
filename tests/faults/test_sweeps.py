# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sweeps of ``make faults``, each with a few hundred recipients and a kill or two."""

from __future__ import annotations

import pytest

from faults import database, disk, misbehaviour, receipts, web, workers, zombies
from faults.counting import Found
from faults.ground import Ground

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def stood(found: Found) -> Found:
    """The counts are right; skipped where the machine does not let us."""
    if found.skipped:
        pytest.skip(found.note)
    assert found.problems == []
    assert (found.lost, found.twice) == (0, 0)
    return found


@pytest.mark.parametrize("alert", [False, True], ids=["digest", "alert"])
def test_a_worker_killed_again_and_again_loses_nobody(base: Ground, alert: bool) -> None:
    found = stood(workers.one_worker(base, recipients=300, kills=2, alert=alert, rate=200))
    assert found.kills == 2
    assert found.uncertain_resolved > 0, "the kills met nothing on its way"


def test_when_one_of_two_workers_is_killed_the_other_goes_on(base: Ground) -> None:
    stood(workers.one_of_two(base, recipients=300, kills=1, alert=False, numbers=2))


def test_what_the_killed_web_process_acknowledged_is_applied_once(base: Ground) -> None:
    stood(web.web_killed(base, recipients=100, written=20, kills=1, connections=8, life=0.5))


def test_a_killed_postgresql_costs_a_wait_and_nothing_else(base: Ground) -> None:
    stood(database.database_killed(base, recipients=300, kills=1, alert=True, connections=8, away=0.5))


def test_lost_broken_and_late_answers_leave_nobody_in_doubt_for_ever(base: Ground) -> None:
    errors = [
        {"kind": "timeout_before", "rate": 0.05, "seconds": 0.3},
        {"kind": "timeout_after", "rate": 0.05, "seconds": 0.3},
        {"kind": "reset", "when": "before", "rate": 0.05},
        {"kind": "reset", "when": "after", "rate": 0.05},
        {"kind": "malformed", "when": "before", "rate": 0.05},
        {"kind": "malformed", "when": "after", "rate": 0.05},
        {"http": 502, "when": "after", "rate": 0.05},
        {"http": 503, "rate": 0.05},
        {"code": 131000, "rate": 0.05},
    ]
    found = stood(misbehaviour.weather(base, name="all at once", errors=errors, recipients=200, alert=True))
    assert found.uncertain_resolved > 0, "nothing was ever in doubt"


def test_a_number_refused_in_the_answer_stops_says_so_and_is_resumed_by_a_button(base: Ground) -> None:
    stood(misbehaviour.stopped(base, code=131031, recipients=200))


def test_a_number_refused_in_a_status_stops_says_so_and_is_resumed_by_a_button(base: Ground) -> None:
    stood(misbehaviour.stopped(base, code=131042, recipients=200, late=True))


def test_while_the_platform_is_busy_tries_are_spread_and_then_all_go(base: Ground) -> None:
    stood(misbehaviour.busy(base, code=131000, recipients=60, hold=0.5))


def test_receipts_in_any_order_and_of_nobody_end_right(base: Ground) -> None:
    stood(receipts.invented(base, recipients=150, strangers=150))


def test_receipts_that_come_when_all_was_decided_still_count(base: Ground) -> None:
    stood(receipts.disordered(base, recipients=150, kills=1))


def test_a_frozen_owner_that_wakes_sends_nothing_twice(base: Ground) -> None:
    stood(zombies.frozen(base, recipients=600, freezes=1, alert=True, rate=100))


def test_an_owner_cut_off_from_the_database_that_comes_back_sends_nothing_twice(base: Ground) -> None:
    stood(zombies.cut_off(base, recipients=600, cuts=1, alert=False, rate=100))


def test_a_full_disk_acknowledges_nothing_that_is_not_stored(base: Ground) -> None:
    stood(disk.disk_full(base, recipients=100, connections=8, full=0.5))
