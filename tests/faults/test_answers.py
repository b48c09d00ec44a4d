# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Odd answers after acceptance, with receipts that come or do not."""

from __future__ import annotations

import pytest

from faults import answers
from faults.ground import Ground
from tests.faults.standing import SWEEP, stood

pytestmark = SWEEP


@pytest.mark.parametrize(
    ("answer", "receipts"), [("500, JSON", "prompt"), ("closed keep-alive", "late"), ("redirect", "never")]
)
def test_what_may_have_been_accepted_is_not_sent_twice(base: Ground, answer: str, receipts: str) -> None:
    found = stood(answers.after_acceptance(base, answer=answer, receipts=receipts, news=60, alerts=40))
    assert found.uncertain_resolved > 0, "nothing was ever in doubt"
    assert found.again <= 40
