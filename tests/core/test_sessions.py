# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long somebody stays signed in, what prolongs it, and what a sign-out leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from pytest_django import Settings

from arengo.core.models import Organization, Person
from arengo.core.sessions import by_person

PAGE = "/console/sportello/"
TABS = "/console/schede/"
HTMX = {"hx-request": "true"}

Browse = Callable[..., Client]


def set_back(client: Client, name: str, seconds: int) -> None:
    """As if that much time had passed since then."""
    session = client.session
    session[name] -= seconds
    session.save()


def acted_at(client: Client) -> int:
    return int(client.session["acted_at"])


def test_an_hour_without_doing_anything_ends_the_session(
    olga: Person, browse: Browse, settings: Settings
) -> None:
    client = browse(olga)
    set_back(client, "acted_at", settings.SESSION_IDLE_AGE - 30)
    assert client.get(PAGE).status_code == 200
    set_back(client, "acted_at", settings.SESSION_IDLE_AGE + 1)
    assert client.get(PAGE).status_code == 302
    assert not Session.objects.exists()


def test_a_part_of_an_open_page_is_told_that_the_session_is_over(
    olga: Person, browse: Browse, settings: Settings
) -> None:
    client = browse(olga)
    set_back(client, "acted_at", settings.SESSION_IDLE_AGE + 1)
    assert client.get(TABS, headers=HTMX).status_code == 401


def test_after_twelve_hours_the_session_ends_whatever_is_done(
    olga: Person, browse: Browse, settings: Settings
) -> None:
    client = browse(olga)
    set_back(client, "began_at", settings.SESSION_COOKIE_AGE - 30)
    assert client.get(PAGE).status_code == 200
    set_back(client, "began_at", 60)
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        HTMX,
        {"hx-request": "true", "x-arengo-act": "page"},
        {"accept": "text/event-stream"},
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-mode": "cors"},
        {"sec-fetch-mode": "same-origin", "x-arengo-act": "person"},
    ],
    ids=str,
)
def test_what_a_page_does_by_itself_does_not_prolong_a_session(
    olga: Person, browse: Browse, headers: dict[str, str]
) -> None:
    client = browse(olga)
    set_back(client, "acted_at", 600)
    before = acted_at(client)
    for path in (TABS, PAGE, "/", "/console/nothing-like-that/"):
        client.get(path, headers=headers)
    assert acted_at(client) == before


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-mode": "navigate"}, {**HTMX, "x-arengo-act": "person"}], ids=str
)
def test_what_a_person_does_prolongs_it(olga: Person, browse: Browse, headers: dict[str, str]) -> None:
    client = browse(olga)
    set_back(client, "acted_at", 600)
    before = acted_at(client)
    client.get(PAGE, headers=headers)
    assert acted_at(client) >= before + 600


def test_a_form_is_sent_by_a_person(olga: Person, browse: Browse) -> None:
    client = browse(olga)
    set_back(client, "acted_at", 600)
    before = acted_at(client)
    client.post("/lingua/", {"language": "it"}, headers={"sec-fetch-mode": "cors"})
    assert acted_at(client) > before


def test_the_clock_is_written_once_a_minute_at_most(olga: Person, browse: Browse) -> None:
    client = browse(olga)
    set_back(client, "acted_at", 30)
    before = acted_at(client)
    client.get(TABS)
    assert acted_at(client) == before


def test_a_session_from_before_there_was_a_clock_gets_one(olga: Person, browse: Browse) -> None:
    client = browse(olga)
    session = client.session
    del session["began_at"], session["acted_at"]
    session.save()
    assert client.get(PAGE).status_code == 200
    assert acted_at(client)


def test_a_deliberate_sign_out_empties_the_browser_but_keeps_the_mark_of_the_device(
    olga: Person, browse: Browse
) -> None:
    client = browse()
    client.post("/console/accesso/login/", {"login": olga.email, "password": "una password lunga"})
    answer = client.post("/console/accesso/logout/")
    assert answer.status_code == 302
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "cookies" not in answer["Clear-Site-Data"]


def test_a_session_that_ends_by_itself_takes_no_draft_away(
    olga: Person, browse: Browse, settings: Settings
) -> None:
    client = browse(olga)
    set_back(client, "acted_at", settings.SESSION_IDLE_AGE + 1)
    assert "Clear-Site-Data" not in client.get(PAGE).headers


def test_signing_in_makes_a_new_session_and_a_new_password_ends_the_others(
    olga: Person, browse: Browse
) -> None:
    client, elsewhere = browse(), browse(olga)
    client.get("/console/accesso/login/")
    before = client.session.session_key
    client.post("/console/accesso/login/", {"login": olga.email, "password": "una password lunga"})
    assert client.session.session_key != before
    word = "cinque anatre gialle in fila"
    changed = client.post(
        "/console/accesso/password/change/",
        {"oldpassword": "una password lunga", "password1": word, "password2": word},
    )
    assert changed.status_code == 302
    assert client.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "path", ["/console/accesso/login/", "/console/accesso/password/reset/", PAGE, "/console/nothing/"]
)
def test_no_page_of_the_console_stays_in_the_browser(olga: Person, browse: Browse, path: str) -> None:
    for client in (browse(), browse(olga)):
        assert client.get(path)["Cache-Control"].startswith("no-store")


def test_a_page_names_its_person_by_a_hash_of_their_own_in_each_organization(
    olga: Person, alice: Person, altrove: Organization, browse: Browse
) -> None:
    def named(client: Client) -> str:
        page = client.get("/console/accesso/password/change/").content.decode()
        return page.partition('name="arengo-person" content="')[2].partition('"')[0]

    mine, again, other, there = (
        named(browse(olga)),
        named(browse(olga)),
        named(browse(alice)),
        named(browse(olga, "altrove.test")),
    )
    assert len(mine) == 32
    assert mine == again
    assert len({mine, other, there}) == 3
    assert named(browse()) == ""


def test_a_request_without_marks_is_a_persons() -> None:
    assert by_person(RequestFactory().get("/"))
    assert by_person(RequestFactory().post("/"))
    assert not by_person(RequestFactory().post("/", headers=HTMX))
