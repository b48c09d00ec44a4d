# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sweep must show, in tests as in ``make faults``."""

from __future__ import annotations

import pytest

from faults.counting import Found

# The sweeps of ``make faults``, each with a few hundred recipients and a kill or two.
SWEEP = [pytest.mark.processes, pytest.mark.timeout(1200)]


def stood(found: Found) -> Found:
    """The counts are right; skipped where the machine does not let us."""
    if found.skipped:
        pytest.skip(found.note)
    assert found.problems == [], found.problems
    assert (found.lost, found.twice) == (0, 0)
    return found
