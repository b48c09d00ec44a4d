# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rules in force, and what a blocked citizen is told."""

from __future__ import annotations

import pytest

from arengo.core.models import Organization
from arengo.desk.blocks.rules import Rule
from tests.factories.house_rules import publish_rules, write_ways


@pytest.fixture
def rule(scope: Organization) -> Rule:
    write_ways()
    return publish_rules(scope)
