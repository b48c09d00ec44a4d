# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience import privacy
from arengo.audience.models import Contact
from arengo.audience.people_list import finding
from arengo.audience.people_list.finding import Piece, find, marked, read
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from tests.factories.audience import ANNA, BRUNO, citizen, known, message

Arrive = Callable[..., None]


def names(typed: str) -> list[str]:
    by_id = dict(Contact.objects.values_list("pk", "name"))
    return [by_id[pk] for pk in find(read(typed)).contacts]


@pytest.mark.parametrize(
    "written",
    ["+393330000001", "333 000 0001", "0039 333 0000001", "333-0000001", "+39 333.000.00.01", " 3330000001 "],
)
def test_a_citizen_is_found_by_number_however_it_is_written(arrive: Arrive, written: str) -> None:
    arrive(message(ANNA, name="Anna Esempio"), message(BRUNO, name="Bruno Esempio"))
    assert names(written) == ["Anna Esempio"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("esem", ["Àlex Esempio", "Anna Esempio", "Bruno Esempio"]),  # in the order of names, without accents
        ("sempi", ["Àlex Esempio", "Anna Esempio", "Bruno Esempio"]),  # from the middle of a word
        ("ANNA", ["Anna Esempio"]),
        ("esempio anna", ["Anna Esempio"]),  # in any order
        ("ese an", ["Anna Esempio"]),
        ("alex", ["Àlex Esempio"]),
        ("niccolo", ["Niccolò D’Angelo"]),
        ("d'angelo", ["Niccolò D’Angelo"]),
        ("angelo", ["Niccolò D’Angelo"]),
        ("محمد", ["محمد المثال"]),
        ("مثال", ["محمد المثال"]),  # without its article
        ("李", ["李 Esempio Cinese"]),
        ("anna bruno", []),
        ("x", []),
        ("", []),
        ("%", []),
        ("'", []),
        ("' | 'a':*", []),
        ("a & b:*", []),
        ("12", []),
    ],
)
def test_a_citizen_is_found_by_parts_of_the_name(scope: Organization, typed: str, found: list[str]) -> None:
    citizen("Anna Esempio")
    citizen("Bruno Esempio")
    citizen("Àlex Esempio")
    citizen("Niccolò D’Angelo")
    citizen("محمد المثال")
    if typed == "李":
        citizen("李 Esempio Cinese")
    assert names(typed) == found


def test_a_new_name_is_found_and_the_old_one_is_not(scope: Organization) -> None:
    person = citizen("Anna Esempio")
    Contact.objects.filter(pk=person.contact_id).update(name="Anna Campione")
    assert names("campione") == ["Anna Campione"]
    assert names("esempio") == []


def test_an_erased_citizen_is_not_found(arrive: Arrive, alice: Person) -> None:
    arrive(message(ANNA, name="Anna Esempio"))
    privacy.erase(known(ANNA).contact, by=alice)
    assert names("Anna") == names(ANNA.phone or "") == []


def test_another_towns_people_are_not_found(scope: Organization, altrove: Organization) -> None:
    with organization_scope(altrove):
        citizen("Anna Esempio", phone="+393330000001")
    assert names("esempio") == names("333 000 0001") == []


def test_results_go_on_from_page_to_page_and_each_person_stands_once(
    scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    everybody = [citizen(name).contact_id for name in ("Anna B", "Anna B", "Anna A", "Anna C", "Anna D")]
    seen: list[int] = []
    while page := find(read("anna"), after=seen[-1] if seen else 0).contacts:
        seen += page
    assert sorted(seen) == sorted(everybody)
    assert seen[0] == everybody[2]


def test_of_a_part_that_many_have_some_are_shown_and_it_says_so(
    scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        citizen(f"Anna {number}")
    assert (find(read("anna")).many, find(read("anna")).more) == (4, False)
    monkeypatch.setattr(finding, "MOST", 3)
    found = find(read("anna"))
    assert (found.many, found.more) == (3, True)


def test_what_was_looked_for_is_marked_in_the_name_as_it_is_written() -> None:
    assert marked("Niccolò D’Esempio", read("esem olo")) == [
        Piece("Nicc"),
        Piece("olò", marked=True),
        Piece(" D’"),
        Piece("Esem", marked=True),
        Piece("pio"),
    ]
    assert marked("Straße ﬁne", read("fin")) == [Piece("Straße "), Piece("ﬁn", marked=True), Piece("e")]


def test_the_text_of_a_person_who_is_asked_for_is_never_an_error(scope: Organization) -> None:
    for typed in ("\x00", "a\x00zz", "😀😀", "\\", "a" * 5_000, "((((", "«»", "ab:* & !cd"):
        assert names(typed) == []
