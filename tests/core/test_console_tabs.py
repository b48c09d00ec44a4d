# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tabs of an open page stay true: who waits is counted again without a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from tests.factories.audience import citizen
from tests.factories.desk import make_conversation

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
TABS = "/console/schede/?da=/console/iscritti/3/"


def test_an_open_page_asks_again_and_learns_who_waits(
    scope: Organization, sender: Sender, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    page = client.get("/console/iscritti/").content.decode()
    assert "/console/schede/?da=/console/iscritti/" in page
    assert 'class="count"' not in page
    anna = citizen("Anna Esempio")
    make_conversation(anna, sender, waiting_since=timezone.now())
    tabs = client.get(TABS, HTTP_HX_REQUEST="true").content.decode()
    assert 'class="count">1<' in tabs
    here = tabs[tabs.index('href="/console/iscritti/"') :].partition(">")[0]
    assert 'aria-current="page"' in here
    assert tabs.count("aria-current") == 1


def test_carlo_and_the_signed_out_get_no_tabs(scope: Organization, carlo: Person, browse: Browse) -> None:
    assert browse(carlo).get(TABS).status_code == 404
    assert browse().get(TABS, HTTP_HX_REQUEST="true").status_code == 401
