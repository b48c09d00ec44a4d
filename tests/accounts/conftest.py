# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation without mail, and an account that nobody proved."""

from __future__ import annotations

from typing import Any

import pytest

from arengo.core.models import Person
from tests.support.browser_kit import chromium, visit
from tests.support.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["chromium", "invited", "marked", "places", "price", "rita", "settings_town", "visit"]


@pytest.fixture
def without_mail(settings: Any) -> None:
    settings.EMAIL_LEAVES = False


@pytest.fixture
def unproved(carlo: Person) -> Person:
    """Carlo as an account that his town made by a link on screen: nobody proved the address."""
    carlo.proved_at = None
    carlo.save()
    return carlo
