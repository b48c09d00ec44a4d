# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address × everybody × every method. Pages that are added later are among them by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from django.urls import resolve

from arengo.core.access import METHODS as METHODS_SAID
from arengo.core.models import Role
from tests.security.everybody import EVERYTHING, person_of
from tests.security.town import OURS, ROLES, SAMPLES, THEIRS, Town
from tests.security.visiting import METHODS, SWEEP, Address, Visitor, why

pytestmark = [pytest.mark.django_db, *SWEEP]
CONSOLE = [address for address in EVERYTHING if address.is_console]

STAFF_ONLY = [address for address in CONSOLE if not address.is_sign_in]
# 404 without the colleague, desk, label or redirect that their form names.
_WANTS_MORE_THAN_AN_ID = {
    f"console/sportello/<id:pk>/{verb}/"
    for verb in (
        "assegna",
        "passa",
        "da-seguire",
        "sportello",
        "rimanda",
        "etichetta",
        "etichetta/togli",
    )
}
_EVERYBODY = ("anonymous", "carlo", "nobody", *ROLES)
RARE = [method for method in METHODS if method not in ("GET", "POST")]
_TRY_RARE = ("anonymous", "carlo", Role.OPERATOR, Role.ADMINISTRATOR)
TRIED = [
    (who, method) for who in _EVERYBODY for method in METHODS if method in ("GET", "POST") or who in _TRY_RARE
]


def tried_at(who: str, method: str) -> list[Address]:
    """The ways in are tried by everybody; of the rarer methods, by those at both ends, a third at each address: each
    address meets each of them, each person each of them at a third of the addresses.
    """
    if method not in RARE or (who, method) == (Role.ADMINISTRATOR, "HEAD"):
        return EVERYTHING
    turn = RARE.index(method) - _TRY_RARE.index(who)
    return [address for number, address in enumerate(EVERYTHING) if (number - turn) % 3 == 0]


def opened(
    visitor: Visitor,
    method: str,
    where: Iterable[Address],
    pk: int = OURS,
    allowed: dict[str, str] | None = None,
) -> dict[str, str]:
    """Route → what came of it: a status, an arrow to where it leads, or what broke. ``allowed``: takes what a 405 names."""
    found = {}
    for address in where:
        answer = visitor.ask(method, address.path(pk))
        if allowed is not None and answer.status_code == 405:
            allowed[address.route] = answer["Allow"]
        if answer.status_code >= 500:
            found[address.route] = why(answer)
        elif 300 <= answer.status_code < 400 and "Location" in answer:
            found[address.route] = f"→ {answer['Location'].partition('?')[0]}"
        else:
            found[address.route] = str(answer.status_code)
    return found


Seen = dict[tuple[str, str], dict[str, str]]


@dataclass
class Answers:
    """``seen``: (who, method) → route → what came of it. ``allowed``: the same, but what a 405 names."""

    seen: Seen = field(default_factory=dict)
    allowed: Seen = field(default_factory=dict)


@pytest.fixture(scope="module")
def answers(towns: tuple[Town, Town]) -> Answers:
    answers = Answers()
    visitors = {who: person_of(towns, who) for who in _EVERYBODY}
    whole = {
        who: person_of(towns, who, each_frame=True)
        for who in ("anonymous", Role.ADMINISTRATOR, Role.OPERATOR)
    }
    for who, method in TRIED:
        visitor = whole.get(who, visitors[who]) if method == "GET" else visitors[who]
        allowed = answers.allowed[who, method] = {}
        answers.seen[who, method] = opened(visitor, method, tried_at(who, method), allowed=allowed)
    return answers


@pytest.fixture(scope="module")
def seen(answers: Answers) -> Seen:
    return answers.seen


def of_console(found: dict[str, str], *expected: str) -> dict[str, str]:
    """What of the console, without the account's own pages, is not as expected."""
    routes = {address.route for address in STAFF_ONLY}
    return {route: what for route, what in found.items() if route in routes and what not in expected}


@pytest.mark.parametrize(("who", "method"), TRIED)
def test_no_address_breaks_for_anybody(seen: Seen, who: str, method: str) -> None:
    # /readyz says by 503 that it cannot serve: here no worker lives.
    broken = {
        route: what for route, what in seen[who, method].items() if what.startswith("5") and route != "readyz"
    }
    assert broken == {}


@pytest.mark.parametrize("method", [method for method in RARE if method != "HEAD"])
def test_who_may_open_a_page_is_told_which_methods_it_takes(answers: Answers, method: str) -> None:
    found, allowed = answers.seen[Role.ADMINISTRATOR, method], answers.allowed[Role.ADMINISTRATOR, method]
    assert of_console(found, "405") == {}
    named = {
        address.route: allowed[address.route].split(", ") for address in STAFF_ONLY if address.route in found
    }
    assert len(named) > 40
    one_of = ({"GET", "HEAD"}, {"POST"}, {"GET", "HEAD", "POST"})
    assert {route: methods for route, methods in named.items() if set(methods) not in one_of} == {}


def test_what_is_read_by_get_answers_head_alike(seen: Seen) -> None:
    got, asked = seen[Role.ADMINISTRATOR, "GET"], seen[Role.ADMINISTRATOR, "HEAD"]
    streams = {"console/live/"}  # HEAD opens none
    assert {
        route: (got[route], asked[route])
        for route in got
        if got[route] != asked[route] and route not in streams
    } == {}


def test_the_role_is_asked_before_the_method(seen: Seen) -> None:
    """Who may not open a page learns nothing of it: the same refusal by each method."""
    closed = {
        route
        for method in RARE
        if method != "HEAD"
        for route, what in of_console(seen[Role.OPERATOR, method], "405").items()
        if what == "403"
    }
    assert len(closed) > 40
    for method in METHODS:
        found = seen[Role.OPERATOR, method]
        assert {route: found[route] for route in closed & set(found) if found[route] != "403"} == {}


@pytest.mark.parametrize("method", METHODS)
def test_who_is_not_signed_in_sees_nothing_of_the_console(seen: Seen, method: str) -> None:
    """Streams have no sign-in page to go to."""
    tried = seen["anonymous", method]
    streams = {route: "404" for route in ("console/live/",) if route in tried}
    assert of_console(tried, "→ /console/accesso/login/") == streams


@pytest.mark.parametrize(
    ("who", "method"), [(who, method) for who, method in TRIED if who in ("carlo", "nobody")]
)
def test_who_is_no_member_here_finds_no_console(seen: Seen, who: str, method: str) -> None:
    """An address of the console that is not behind ``staff()``, or that asks for the method first, fails here."""
    assert of_console(seen[who, method], "404") == {}


@pytest.mark.parametrize(
    "methods", [["GET"], ["POST"], [method for method in RARE if method != "HEAD"]], ids=" ".join
)
def test_a_strangers_404_is_the_same_bytes_whether_it_exists_or_not(
    towns: tuple[Town, Town], methods: list[str]
) -> None:
    """Of several methods each address meets some, each with another id."""
    visitor = person_of(towns, "carlo")
    nowhere = {method: content_of(visitor, method, "/console/non-esiste/") for method in methods}
    different = set()
    for number, address in enumerate(STAFF_ONLY):
        for place, pk in enumerate((OURS, THEIRS, 987_654_321) if address.ids else (OURS,)):
            method = methods[(number + place) % len(methods)]
            if content_of(visitor, method, address.path(pk)) != nowhere[method]:
                different.add(f"{method} {address.route}")
    assert different == set()


def content_of(visitor: Visitor, method: str, path: str) -> bytes:
    """Without what chance made, which differs each time."""
    content: bytes = visitor.ask(method, path).content  # type: ignore[attr-defined]  # 404 is not streamed
    return re.sub(rb'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="[^"]*"', b"", content)


def test_each_view_of_the_console_says_its_methods_in_the_one_place() -> None:
    """``staff(methods=…)``: a decorator of Django's in front of it would answer strangers by method."""
    by_hand = {"console/live/"}  # a stream asks by itself, in the same order
    missing = {
        address.route for address in STAFF_ONLY if not hasattr(resolve(address.path(OURS)).func, METHODS_SAID)
    }
    assert missing == by_hand


def test_of_the_accounts_pages_who_is_not_signed_in_sees_only_the_doors(seen: Seen) -> None:
    names = {address.route: address.name for address in CONSOLE if address.is_sign_in}
    found = {
        names[route] for route, what in seen["anonymous", "GET"].items() if route in names and what == "200"
    }
    assert found <= {
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "invitation",  # the page of a link that was opened; without one it says so
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_belongs_to_another_organization_is_not_there(towns: tuple[Town, Town], method: str) -> None:
    with_id = [each for each in EVERYTHING if each.ids and not each.is_sign_in]
    found = opened(person_of(towns, Role.ADMINISTRATOR), method, with_id, THEIRS)
    assert {route: what for route, what in found.items() if what not in {"404", "405"}} == {}


def test_every_address_with_an_id_shows_something_of_ours(towns: tuple[Town, Town]) -> None:
    """Else this folder's sweeps would look at nothing: ``town.py`` wants a sample of what the address is about."""
    visitor = person_of(towns, Role.ADMINISTRATOR)
    unseen = [each for each in EVERYTHING if each.ids and not each.is_sign_in]
    for pk in SAMPLES:
        for method in ("GET", "POST"):
            found = opened(visitor, method, unseen, pk)
            unseen = [each for each in unseen if found[each.route] in ("404", "405")]
    assert {each.route for each in unseen} - _WANTS_MORE_THAN_AN_ID == set()


def test_an_id_that_no_row_can_have_is_404_and_asks_no_more(towns: tuple[Town, Town]) -> None:
    """Each address meets two of them: all ids are read by one converter."""
    wrong = ("9" * 19, "9223372036854775808", "9" * 5000, "0", "00000", "-1", "٣")
    visitor = person_of(towns, Role.ADMINISTRATOR)
    found = {}
    with_id = [each for each in EVERYTHING if each.ids and not each.is_sign_in]
    for number, address in enumerate(with_id):
        for pk in (wrong[number % len(wrong)], wrong[(number + 3) % len(wrong)]):
            parts = {part: pk if part in address.ids else "list" for part in address.parts}
            found[address.route, pk] = visitor.ask("GET", "/" + address.template % parts).status_code
    assert {at: status for at, status in found.items() if status not in (404, 405)} == {}


def test_no_address_has_a_number_without_a_bound() -> None:
    assert [each.route for each in EVERYTHING if "<int:" in each.route] == []


@pytest.mark.parametrize(
    "path", ["/\x00", "/console/\x00/", "/canale/%00", "/console/sportello/%01/", "/a%0d%0ab"]
)
def test_an_address_with_a_control_character_is_nobodys(towns: tuple[Town, Town], path: str) -> None:
    assert Visitor(towns[0].host).ask("GET", path).status_code == 404
    assert person_of(towns, Role.ADMINISTRATOR).ask("POST", path).status_code == 404
