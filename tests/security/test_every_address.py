# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address × everybody × every method. Pages that are added later are among them by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
# Who tries which method: the ways in are tried by everybody, the rarer methods by those at both ends.
TRIED = [
    (who, method)
    for who in _EVERYBODY
    for method in METHODS
    if method in ("GET", "POST") or who in ("anonymous", "carlo", Role.OPERATOR, Role.ADMINISTRATOR)
]


def opened(visitor: Visitor, method: str, where: Iterable[Address], pk: int = OURS) -> dict[str, str]:
    """Route → what came of it: a status, an arrow to where it leads, or what broke."""
    found = {}
    for address in where:
        answer = visitor.ask(method, address.path(pk))
        if answer.status_code >= 500:
            found[address.route] = why(answer)
        elif 300 <= answer.status_code < 400 and "Location" in answer:
            found[address.route] = f"→ {answer['Location'].partition('?')[0]}"
        else:
            found[address.route] = str(answer.status_code)
    return found


@pytest.fixture(scope="module")
def seen(towns: tuple[Town, Town]) -> dict[tuple[str, str], dict[str, str]]:
    """(Who, method) → route → what came of it."""
    visitors = {who: person_of(towns, who) for who in _EVERYBODY}
    return {(who, method): opened(visitors[who], method, EVERYTHING) for who, method in TRIED}


Seen = dict[tuple[str, str], dict[str, str]]


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


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_who_may_open_a_page_is_told_which_methods_it_takes(
    towns: tuple[Town, Town], seen: Seen, method: str
) -> None:
    assert of_console(seen[Role.ADMINISTRATOR, method], "405") == {}
    visitor = person_of(towns, Role.ADMINISTRATOR)
    for address in STAFF_ONLY:
        allowed = visitor.ask(method, address.path(OURS))["Allow"].split(", ")
        assert set(allowed) in ({"GET", "HEAD"}, {"POST"}, {"GET", "HEAD", "POST"}), address.route


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
    for method in METHODS:
        found = seen[Role.OPERATOR, method]
        closed = {
            route for route, what in of_console(seen[Role.OPERATOR, "PUT"], "405").items() if what == "403"
        }
        assert closed
        assert {route: found[route] for route in closed if found[route] != "403"} == {}


@pytest.mark.parametrize("method", METHODS)
def test_who_is_not_signed_in_sees_nothing_of_the_console(seen: Seen, method: str) -> None:
    """Streams have no sign-in page to go to."""
    streams = {"console/live/": "404"}
    sent_away = of_console(seen["anonymous", method], "→ /console/accesso/login/")
    assert sent_away == streams


@pytest.mark.parametrize(
    ("who", "method"), [(who, method) for who, method in TRIED if who in ("carlo", "nobody")]
)
def test_who_is_no_member_here_finds_no_console(seen: Seen, who: str, method: str) -> None:
    """An address of the console that is not behind ``staff()``, or that asks for the method first, fails here."""
    assert of_console(seen[who, method], "404") == {}


@pytest.mark.parametrize("method", [method for method in METHODS if method != "HEAD"])
def test_a_strangers_404_is_the_same_bytes_whether_it_exists_or_not(
    towns: tuple[Town, Town], method: str
) -> None:
    visitor = person_of(towns, "carlo")
    nowhere = content_of(visitor, method, "/console/non-esiste/")
    different = {
        address.route
        for address in STAFF_ONLY
        for pk in ((OURS, THEIRS, 987_654_321) if address.ids else (OURS,))
        if content_of(visitor, method, address.path(pk)) != nowhere
    }
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


@pytest.mark.parametrize("pk", ["9" * 19, "9223372036854775808", "9" * 5000, "0", "00000", "-1", "٣"])
def test_an_id_that_no_row_can_have_is_404_and_asks_no_more(towns: tuple[Town, Town], pk: str) -> None:
    visitor = person_of(towns, Role.ADMINISTRATOR)
    found = {}
    for address in EVERYTHING:
        if address.ids and not address.is_sign_in:
            answer = visitor.ask(
                "GET",
                "/"
                + address.template % {part: pk if part in address.ids else "list" for part in address.parts},
            )
            found[address.route] = answer.status_code
    assert {route: status for route, status in found.items() if status not in (404, 405)} == {}


def test_no_address_has_a_number_without_a_bound() -> None:
    assert [each.route for each in EVERYTHING if "<int:" in each.route] == []


@pytest.mark.parametrize(
    "path", ["/\x00", "/console/\x00/", "/canale/%00", "/console/sportello/%01/", "/a%0d%0ab"]
)
def test_an_address_with_a_control_character_is_nobodys(towns: tuple[Town, Town], path: str) -> None:
    assert Visitor(towns[0].host).ask("GET", path).status_code == 404
    assert person_of(towns, Role.ADMINISTRATOR).ask("POST", path).status_code == 404
