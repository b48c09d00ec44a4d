# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was saved in the middle of a mailing is put back after it went on. All ways of it are in ``make faults``."""

from __future__ import annotations

import pytest

from faults import stepback
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


@pytest.mark.parametrize("way", ["restore", "machine"])
def test_nobody_hears_twice_after_a_step_back_and_the_rest_leaves_when_somebody_says_so(
    base: Ground, way: str
) -> None:
    stood(stepback.taken_back(base, way=way, recipients=200, rate=60))
