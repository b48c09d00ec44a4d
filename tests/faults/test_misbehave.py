# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform misbehaves."""

from __future__ import annotations

from faults import misbehaviour
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


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
    stood(misbehaviour.busy(base, code=130429, recipients=60, hold=0.5))


def test_while_every_answer_is_a_500_few_are_in_doubt_and_the_others_wait(base: Ground) -> None:
    found = stood(misbehaviour.failing(base, recipients=200, hold=2))
    assert found.uncertain_resolved > 0
