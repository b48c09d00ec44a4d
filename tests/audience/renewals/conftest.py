# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town with people on its list and both templates approved."""

from __future__ import annotations

import pytest

from arengo.audience.models import Identity
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.factories.renewals import approve, listed


@pytest.fixture
def people(town: Organization, sender: Sender) -> list[Identity]:
    """Five on the list since last year; the platform has the templates."""
    approve(sender)
    return listed(sender, 5)
