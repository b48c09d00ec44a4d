# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who writes an answer in a browser: fixtures, and what is stored there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person, Role
from arengo.desk.models import Conversation
from tests.desk.road import Writes
from tests.factories.core import member
from tests.factories.desk import said
from tests.support.browser_kit import Visiting

WORDS = "Buongiorno, la pratica 4711 è"


@pytest.fixture
def otto(esempio: Organization) -> Person:
    """Olga's colleague at the same computer."""
    return member(esempio, "otto@esempio.test", "Otto Esempio", Role.OPERATOR)


@pytest.fixture
def address(live_server: LiveServer, write: Writes, anna: Identity) -> str:
    write(said(anna, "Buongiorno, a che ora apre l'anagrafe?"))
    return f"{live_server.url}/console/sportello/{Conversation.objects.get(identity=anna).pk}/"


@pytest.fixture
def page(visit: Visiting, live_server: LiveServer, olga: Person) -> Page:
    page = visit(f"{live_server.url}/console/accesso/login/")
    page.clock.install()  # after it a page's times may be moved on; the page is not used a second time
    return page


def box(page: Page) -> Locator:
    return page.get_by_label("Risposta al cittadino")
