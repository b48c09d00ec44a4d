# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arengo.audience.models import Identity
from arengo.audience.people_list import finding
from arengo.core.models import Organization, Person, Role
from arengo.core.vault import vault
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, BRUNO, CLARA, at, citizen, message
from tests.factories.core import STRANGER_HOST, member

Arrive = Callable[..., None]
Browse = Callable[..., Client]
PEOPLE, SEARCH = "/console/iscritti/persone/", "/console/iscritti/persone/cerca/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the vault opened, by purpose."""
    found: list[str] = []
    whole = vault().open_text

    def counting(sealed: bytes, *, purpose: str) -> str:
        found.append(purpose)
        return whole(sealed, purpose=purpose)

    monkeypatch.setattr(vault(), "open_text", counting)
    return found


def shown(page: object) -> list[str]:
    lines = page.context["lines"]  # type: ignore[attr-defined]  # of the test client
    return ["".join(piece.text for piece in row.name) for row in lines]


@pytest.fixture
def sixty(arrive: Arrive) -> None:
    arrive(
        *(
            message(
                Address(phone=f"+3933300010{number:02}", user_id=f"IT.{number:04}"),
                "ISCRIVIMI",
                name=f"Persona {number:02} Esempio",
                sent_at=at(number),
            )
            for number in range(60)
        )
    )


@pytest.mark.parametrize("address", [PEOPLE, SEARCH])
def test_a_stranger_sees_nothing(arrive: Arrive, carlo: Person, browse: Browse, address: str) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    assert browse(carlo).get(address).status_code == 404
    assert browse(carlo).post(address, {"text": "esempio"}).status_code == 404
    elsewhere = browse(carlo, STRANGER_HOST)
    assert "Anna" not in elsewhere.get(PEOPLE).text
    assert "Anna Esempio" not in elsewhere.post(SEARCH, {"text": "esempio"}).text


def test_operators_of_the_desk_have_no_list(town: Organization, olga: Person, browse: Browse) -> None:
    assert browse(olga).get(PEOPLE).status_code == 403


def test_the_list_says_how_many_and_who(arrive: Arrive, edo: Person, browse: Browse) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    arrive(message(BRUNO, "Iscrivimi eventi", name="Bruno Esempio"), message(CLARA, "ISCRIVIMI"))
    arrive(message(BRUNO, "CANCELLAMI", sent_at=at(1)))
    page = browse(edo).get(PEOPLE)
    assert [(kind.label, kind.many) for kind in page.context["kinds"]] == [("Iscritti", "2"), ("Usciti", "1")]
    assert shown(page) == ["Senza nome", "Anna Esempio"]
    assert "+39 … 01" in page.text
    assert "3330000001" not in page.text.replace(" ", "")
    left = browse(edo).get(PEOPLE, {"chi": "left"})
    assert shown(left) == ["Bruno Esempio"]


def test_pages_follow_each_other_and_hold_fifty(sixty: None, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    first = client.get(PEOPLE)
    assert shown(first) == [f"Persona {number:02} Esempio" for number in range(59, 9, -1)]
    assert "?page=" not in first.text
    second = client.get(PEOPLE + first.context["more"])
    assert shown(second) == [f"Persona {number:02} Esempio" for number in range(9, -1, -1)]
    assert second.context["more"] == ""


def test_a_page_opens_one_number_for_each_person_whom_it_shows(
    sixty: None, edo: Person, browse: Browse, opened: list[str]
) -> None:
    client = browse(edo)
    opened.clear()
    page = client.get(PEOPLE)
    assert opened == ["phone"] * len(page.context["lines"]) == ["phone"] * 50
    opened.clear()
    page = client.post(SEARCH, {"text": "persona"})
    assert opened == ["phone"] * len(page.context["lines"]) == ["phone"] * finding.PAGE
    opened.clear()
    client.post(SEARCH, {"text": "333 000 1007"})
    assert opened == ["phone"]


def test_a_page_costs_the_same_however_long_the_list(arrive: Arrive, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    client.get(PEOPLE)

    def cost(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask()
        return len(queries)

    def both() -> tuple[int, int]:
        return cost(lambda: client.get(PEOPLE)), cost(lambda: client.post(SEARCH, {"text": "esempio"}))

    arrive(
        *(message(Address(phone=f"+39334000000{one}"), "ISCRIVIMI", name="Anna Esempio") for one in range(2))
    )
    few = both()
    arrive(
        *(
            message(Address(phone=f"+3933400001{one:02}"), "ISCRIVIMI", name="Anna Esempio")
            for one in range(40)
        )
    )
    assert both() == few
    assert max(few) <= 20


def test_who_is_found_by_number_leaves_no_number_in_an_address(
    arrive: Arrive, edo: Person, browse: Browse
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    client = browse(edo)
    page = client.post(SEARCH, {"text": "333 000 0001"})
    assert shown(page) == ["Anna Esempio"]
    assert "1 persona per «333 000 0001», fra 1 schede" in page.text.replace("\u2068", "").replace(
        "\u2069", ""
    )
    asked = client.get(SEARCH, {"text": "3330000001"})
    assert asked["Location"] == PEOPLE  # a number in an address finds nobody
    assert client.post(SEARCH, {"text": " "})["Location"] == PEOPLE


@pytest.mark.parametrize("text", ["zzz", "+39 000", "a\x00zz"])
def test_a_search_that_finds_nobody_says_so(arrive: Arrive, edo: Person, browse: Browse, text: str) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    response = browse(edo).post(SEARCH, {"text": text})
    assert response.status_code == 200
    assert "Nessuna persona per" in response.text
    assert "Chi nasconde il numero si trova solo per nome" in response.text


@pytest.mark.parametrize("text", ["x", "%%%"])
def test_one_letter_is_too_little(town: Organization, edo: Person, browse: Browse, text: str) -> None:
    assert "Scrivi almeno due lettere" in browse(edo).post(SEARCH, {"text": text}).text


def test_while_one_types_only_the_results_come_and_are_said(
    arrive: Arrive, edo: Person, browse: Browse
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"), message(BRUNO, name="Bruno Esempio"))
    client = browse(edo)
    part = client.post(SEARCH, {"text": "esempio"}, headers=HTMX)
    assert "<html" not in part.text
    assert 'id="people-said"' in part.text
    assert shown(part) == ["Anna Esempio", "Bruno Esempio"]
    assert "non è nella lista" in part.text  # Bruno only wrote
    emptied = client.post(SEARCH, {"text": ""}, headers=HTMX)
    assert "<html" not in emptied.text
    assert shown(emptied) == ["Anna Esempio"]


def test_a_person_of_two_addresses_is_found_once(town: Organization, edo: Person, browse: Browse) -> None:
    one = citizen("Anna Esempio")
    other = citizen("Anna Esempio")
    Identity.objects.filter(pk=other.pk).update(contact=one.contact_id)
    other.contact.delete()
    assert shown(browse(edo).post(SEARCH, {"text": "esempio"})) == ["Anna Esempio"]


def test_filters_are_chips_that_can_be_taken_away(arrive: Arrive, edo: Person, browse: Browse) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    page = browse(edo).get(PEOPLE, {"come": "import", "dal": "2026-01-02"})
    assert shown(page) == []
    assert "Con questi filtri non c’è nessuno" in page.text
    assert [chip.label for chip in page.context["active"]] == ["iscritti con un elenco", "dal 2 gennaio 2026"]
    assert [chip.value for chip in page.context["active"]] == ["?dal=2026-01-02", "?come=import"]


def test_a_walk_that_fits_nobody_yet_goes_on_by_itself(
    sixty: None, edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    Identity.objects.filter(contact__name="Persona 05 Esempio").update(marketing_stopped_at=at(0))
    monkeypatch.setattr("arengo.audience.people_list.walking.walk.__kwdefaults__", {"most": 50, "walked": 20})
    client, seen, asked = browse(edo), [], 0
    page = client.get(PEOPLE, {"ferme": "1"})
    while True:
        seen += shown(page)
        asked += 1
        if not page.context["more"]:
            break
        assert page.context["by_itself"]
        page = client.get(PEOPLE + page.context["more"], headers=HTMX)
        assert "<html" not in page.text
    assert seen == ["Persona 05 Esempio"]
    assert asked >= 3


def test_an_empty_list_teaches_how_people_join(town: Organization, edo: Person, browse: Browse) -> None:
    assert "Ci si iscrive scrivendo «ISCRIVIMI»" in browse(edo).get(PEOPLE).text


def test_an_auditor_sees_the_list(arrive: Arrive, esempio: Organization, browse: Browse) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    rita = member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)
    assert shown(browse(rita).get(reverse("audience:people"))) == ["Anna Esempio"]
