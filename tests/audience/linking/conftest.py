# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Anna with two numbers, on the list with both, and linked."""

from __future__ import annotations

import pytest

from arengo.audience.linking.models import Link
from arengo.audience.models import Identity
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.factories.audience import citizen, consented
from tests.factories.linking import linked


@pytest.fixture
def anna(town: Organization) -> Identity:
    return citizen("Anna Esempio", phone="+393330000001")


@pytest.fixture
def work(town: Organization) -> Identity:
    """Her other number."""
    return citizen("Anna al lavoro", phone="+393330000002")


@pytest.fixture
def link(anna: Identity, work: Identity, sender: Sender) -> Link:
    """She is reached at the first."""
    consented(anna, sender)
    consented(work, sender)
    return linked(anna, work, sender)
