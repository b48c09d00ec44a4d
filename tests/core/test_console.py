# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A room brings its tab, its cards and its settings pages; the console lists no room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve, reverse

from arengo.core.console import cards, settings_urls, tabs
from arengo.core.models import AuditEntry, Organization, Person, Role
from tests.factories.core import STRANGER_HOST, member
from tests.seams.fountains.room import made_up

__all__ = ["made_up"]  # a fixture

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
HOME = "/console/impostazioni/"


@pytest.fixture
def rita(esempio: Organization) -> Person:
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


@pytest.mark.usefixtures("made_up")
def test_a_tab_that_a_room_registers_stands_in_its_place_with_who_waits(olga: Person, browse: Browse) -> None:
    answer = browse(olga).get("/console/sportello/")
    page = answer.text
    tab = page[page.index('href="/console/impostazioni/fontane/"') :].partition("</a>")[0]
    assert "Fontane" in tab
    assert 'class="count">7<' in tab
    assert [entry.label for entry in answer.context["navigation"]] == ["Sportello", "Fontane", "Dati"]


@pytest.mark.usefixtures("made_up")
def test_a_tab_is_offered_to_its_roles_alone(edo: Person, browse: Browse) -> None:
    assert "Fontane" not in browse(edo).get("/console/redazione/").text


def test_the_tabs_stand_from_left_to_right(alice: Person, browse: Browse) -> None:
    page = browse(alice).get(HOME)
    assert [entry.label for entry in page.context["navigation"]] == [
        "Sportello",
        "Redazione",
        "Canale",
        "Iscritti",
        "Dati",
        "Impostazioni",
    ]
    assert [entry.current for entry in page.context["navigation"]] == [False] * 5 + [True]


@pytest.mark.usefixtures("made_up")
def test_a_card_says_how_its_setting_stands_and_a_trouble_is_said_first(
    alice: Person, browse: Browse
) -> None:
    page = " ".join(browse(alice).get(HOME).text.split())
    trouble, _grid, card = page.partition("setting-cards")
    assert '<a href="/console/impostazioni/fontane/">Acqua: 2 guaste</a>' in trouble
    assert "Quando scorre." in card
    assert 'class="status status-danger"' in card[card.index("Acqua") :]


@pytest.mark.usefixtures("made_up")
def test_a_page_that_a_room_registers_is_a_setting_like_any_other(
    alice: Person, rita: Person, olga: Person, carlo: Person, browse: Browse
) -> None:
    address = reverse("settings:fountains")
    assert address == f"{HOME}fontane/"
    assert "Le fontane del Comune." in browse(alice).get(address).text
    assert browse(rita).get(address).status_code == 200
    assert browse(rita).post(address).status_code == 403
    assert browse(olga).get(address).status_code == 403
    assert browse(carlo).get(address).status_code == 404
    assert browse(carlo).post(address).status_code == 404
    browse(alice).post(address)
    assert AuditEntry.objects.get(verb="made_up.opened_fountain").person == alice


def test_carlo_sees_his_own_towns_states(carlo: Person, sender: object, browse: Browse) -> None:
    page = browse(carlo, STRANGER_HOST).get(HOME)
    assert "nessuno ancora" in page.text


def test_each_name_of_a_setting_is_given_once() -> None:
    names = Counter(
        pattern.name
        for resolver in settings_urls.urlpatterns
        for pattern in getattr(resolver, "url_patterns", [resolver])
    )
    assert {name for name, times in names.items() if times > 1} == set()
    assert len(names) > 20


def test_every_card_and_every_tab_leads_to_a_page() -> None:
    names = [card.url_name for card in cards._cards.values()] + [tab.url_name for tab in tabs.registered()]
    assert len(names) > 12
    for name in names:
        assert resolve(reverse(name)).view_name == name
