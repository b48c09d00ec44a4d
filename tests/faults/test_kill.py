# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Workers, the web process and PostgreSQL are killed."""

from __future__ import annotations

import pytest

from faults import database, web, workers
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


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
