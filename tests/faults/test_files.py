# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of citizens come, whatever was wrong when they were sent."""

from __future__ import annotations

from faults import files
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


def test_files_sent_while_the_token_was_wrong_come_once_it_is_right(base: Ground) -> None:
    stood(files.lost_and_found(base, name="token wrong", files=4, kills=1, hold=2.0))


def test_files_that_are_too_large_end_so(base: Ground) -> None:
    stood(files.too_large(base, files=2))
