# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An owner that was away comes back; a disk that was full has room again."""

from __future__ import annotations

from faults import disk, zombies
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


def test_a_frozen_owner_that_wakes_sends_nothing_twice(base: Ground) -> None:
    stood(zombies.frozen(base, recipients=600, freezes=1, alert=True, rate=100))


def test_an_owner_cut_off_from_the_database_that_comes_back_sends_nothing_twice(base: Ground) -> None:
    stood(zombies.cut_off(base, recipients=600, cuts=1, alert=False, rate=100))


def test_a_full_disk_acknowledges_nothing_that_is_not_stored(base: Ground) -> None:
    stood(disk.disk_full(base, recipients=100, connections=8, full=0.5))
