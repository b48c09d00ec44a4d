# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts in any order, late, of nobody."""

from __future__ import annotations

from faults import receipts
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


def test_receipts_in_any_order_and_of_nobody_end_right(base: Ground) -> None:
    stood(receipts.invented(base, recipients=150, strangers=150))


def test_receipts_that_come_when_all_was_decided_still_count(base: Ground) -> None:
    stood(receipts.disordered(base, recipients=150, kills=1))
