# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept in memory for everybody: every address that is registered as a public page, also those of later rooms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import resolve

from arengo.core.models import Role
from arengo.core.public_forms import is_public_form
from arengo.core.public_pages import page_of
from arengo.core.watching import MARK
from tests.security.town import OURS, SAMPLES, Town
from tests.security.visiting import METHODS, Address, Visitor, addresses

pytestmark = pytest.mark.django_db

_READS = re.compile(r'(?:FROM|JOIN)\s+"?([a-z_0-9]+)"?', re.IGNORECASE)


def _path(address: Address) -> str:
    return address.path(OURS)


EVERYTHING = addresses()
PUBLIC = [address for address in EVERYTHING if page_of(resolve(_path(address)).func) is not None]
# What answers outside of the console and is not kept, each for a reason.
NOT_KEPT = {
    "readyz": "says how the process is now",
    "metrics": "says how the process is now, to who has the token",
    "lingua/": "a form",
    "wa/scegli": "of what somebody chose, in many combinations",
    "wa/scegli/qr.svg": "of what somebody chose",
    "ufficio/<str:token>/": "for the office that has the link, and a form",
    "miei/": "of one citizen, whose browser opened a link",
    "anteprima/<str:token>/": "for who has the link",
    "anteprima/<str:token>/immagine": "for who has the link",
    "miei/<str:token>/": "for the citizen who has the link, and a form",
    "miei/fai/<slug:section>/": "forms of that page",
    "miei/fai/chiudi/": "a form of that page",
}
NOBODYS_HOST = "nessuno.test"
EVERYWHERE = {"sorgente/"}  # the program's source, for everybody whom it reaches


def test_every_page_outside_of_the_console_is_registered() -> None:
    """A new one is registered with ``public_page``, or stands above with its reason."""
    outside = {address.route for address in EVERYTHING if not address.is_console}
    assert outside - {address.route for address in PUBLIC} == set(NOT_KEPT)
    assert is_public_form(resolve("/lingua/").func)


def test_no_page_of_the_console_is_registered() -> None:
    assert not [address.route for address in PUBLIC if address.is_console]


@pytest.mark.parametrize("method", METHODS)
def test_on_a_host_that_is_nobodys_there_is_no_page_whatever_the_method(
    towns: tuple[Town, Town], method: str
) -> None:
    visitor = Visitor(NOBODYS_HOST)
    found = {address.route for address in PUBLIC if visitor.ask(method, _path(address)).status_code != 404}
    assert found == EVERYWHERE


@pytest.mark.parametrize("method", [method for method in METHODS if method not in ("GET", "HEAD")])
def test_it_is_only_read(towns: tuple[Town, Town], method: str) -> None:
    visitor = Visitor(towns[0].host)
    for address in PUBLIC:
        answer = visitor.ask(method, _path(address))
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), address.route


@pytest.mark.parametrize("address", PUBLIC, ids=lambda address: address.route)
def test_it_names_every_table_that_it_reads(towns: tuple[Town, Town], address: Address) -> None:
    page = page_of(resolve(_path(address)).func)
    assert page is not None
    visitor = Visitor(towns[0].host)
    shown = [address.path(pk) for pk in SAMPLES] if address.ids else [_path(address)]
    read: set[str] = set()
    statuses = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        read.update(_READS.findall(sql))  # of what is prepared Django's record of queries has no text
        return execute(sql, params, many, context)

    for path in shown:
        with connection.execute_wrapper(watch):
            statuses.append(visitor.ask("GET", path).status_code)
    assert 200 in statuses or address.route == "stemma"  # no emblem is set
    assert read - {"core_attempt"} <= page.tables  # «core_attempt»: the sweep's own


@pytest.mark.parametrize("address", PUBLIC, ids=lambda address: address.route)
def test_it_is_the_same_for_everybody_and_sets_no_cookie(towns: tuple[Town, Town], address: Address) -> None:
    ours, theirs = towns
    path = _path(address)
    anonymous = Visitor(ours.host)
    seen = anonymous.ask("GET", path)
    assert not seen.cookies
    everybody = [ours.people[Role.ADMINISTRATOR], ours.people[Role.OPERATOR], theirs.people[Role.EDITOR]]
    for person in everybody:
        other = Visitor(ours.host, person).ask("GET", path)
        assert other.status_code == seen.status_code
        assert _body(other) == _body(seen)


def test_every_table_that_a_public_page_names_is_watched(towns: tuple[Town, Town]) -> None:
    named = set().union(
        *(page.tables for address in PUBLIC if (page := page_of(resolve(_path(address)).func)))
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        watched = {name.removesuffix(MARK) for (name,) in cursor.fetchall() if name.endswith(MARK)}
    assert named <= watched


def _body(answer: object) -> bytes:
    pieces = getattr(answer, "streaming_content", None)
    return b"".join(pieces) if pieces is not None else bytes(answer.content)  # type: ignore[attr-defined]
