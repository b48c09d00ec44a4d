# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk called URP, with Ancona's hours."""

from __future__ import annotations

import pytest

from arengo.core.models import Organization
from arengo.desk.models import Desk
from tests.factories.hours import write_office
from tests.support.browser_kit import chromium, visit

__all__ = ["chromium", "visit"]  # fixtures of the browser tests


@pytest.fixture
def urp(scope: Organization) -> Desk:
    desk: Desk = Desk.objects.create(name="URP", slug="urp")
    write_office(desk)
    return desk
