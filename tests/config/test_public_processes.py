# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several web processes over one database: what is kept in each is dropped in all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import psycopg
import pytest

from arengo.channel import board
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from tests.factories.channel import publish
from tests.factories.core import HOST
from tests.support.waiting import until
from tests.support.web_process import WebProcess, database_url, web_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture
def both(esempio: Organization, altrove: Organization, tmp_path: Path) -> Iterator[list[WebProcess]]:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    with web_process(HOST, folders[0]) as one, web_process(HOST, folders[1]) as two:
        yield [one, two]


def sessions() -> list[int]:
    """Database sessions that listen for changes of public pages."""
    with psycopg.connect(database_url()) as watching:
        rows = watching.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'arengo public pages' "
            "AND datname = current_database()"
        ).fetchall()
    return [int(row[0]) for row in rows]


def test_a_withdrawn_post_is_gone_in_every_process(
    both: list[WebProcess], esempio: Organization, edo: Person
) -> None:
    post = publish(esempio, "Strada chiusa")
    address = f"/canale/{post.pk}/"
    for web in both:
        until(lambda web=web: b"Strada chiusa" in web.get("/canale/")[1], "the post")  # type: ignore[misc]
        assert web.get(address)[0] == 200
    with organization_scope(esempio):
        board.withdraw(post, edo)
    for web in both:
        until(lambda web=web: web.get(address)[0] == 404, "the post to go")  # type: ignore[misc]
        assert b"Strada chiusa" not in web.get("/canale/")[1]
        assert b"Strada chiusa" not in web.get("/canale/feed.xml")[1]


def test_each_process_has_one_listening_session_and_takes_it_up_again(
    both: list[WebProcess], esempio: Organization
) -> None:
    for web in both:
        assert web.get("/canale/")[0] == 200
    before = sessions()
    assert len(before) == 2
    with psycopg.connect(database_url(), autocommit=True) as other:
        for pid in before:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
    publish(esempio, "Mentre nessuno ascoltava")
    for web in both:
        until(lambda web=web: b"Mentre nessuno ascoltava" in web.get("/canale/")[1], "the post")  # type: ignore[misc]
    until(lambda: len(set(sessions()) - set(before)) == 2, "two new sessions")
    publish(esempio, "Di nuovo")
    for web in both:
        until(lambda web=web: b"Di nuovo" in web.get("/canale/")[1], "the next post")  # type: ignore[misc]


def test_spellings_of_a_path_and_of_a_host_are_one_page(
    both: list[WebProcess], esempio: Organization
) -> None:
    web, post = both[0], publish(esempio, "Strada chiusa")
    address = f"/canale/{post.pk}/"
    until(lambda: web.get(address)[0] == 200, "the post")
    tag = web.get(address)[2]["etag"]
    digit = f"%{ord(str(post.pk)[0]):02x}{str(post.pk)[1:]}"
    for spelt in (
        f"/canale/{digit}/",
        f"/%63anale/{post.pk}/",
        f"{address}?utm_source=x",
        f"{address}?a=%00&b",
    ):
        status, _body, headers = web.get(spelt)
        assert (status, headers["etag"]) == (200, tag), spelt
    for host in ("ESEMPIO.TEST", "esempio.test.", f"esempio.test:{web.port}"):
        web.host = host
        assert web.get(address)[0] == 200
    web.host = HOST
    assert web.get(f"/canale//{post.pk}/")[0] == 404


def test_many_at_once_all_get_the_page(both: list[WebProcess], esempio: Organization) -> None:
    publish(esempio, "Strada chiusa")
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda number: both[number % 2].get("/canale/"), range(400)))
    assert {status for status, _body, _headers in answers} == {200}
    assert {headers.get("set-cookie") for _status, _body, headers in answers} == {None}


PAGES = ["/canale/", "/", "/canale/feed.xml", "/canale/qr.png", "/stemma", "/non-c-e/", "/canale"]
ASKED: list[dict[str, str]] = [
    {},
    {"method": "HEAD"},
    {"Accept_Encoding": "gzip"},
    {"cookie": "arengo_language=en"},
    {"cookie": "arengo_language=en", "Accept_Encoding": "br, gzip;q=0"},
    {"If_None_Match": "*"},
]


def test_what_leaves_at_once_is_what_leaves_in_full(esempio: Organization, tmp_path: Path) -> None:
    """Who does not keep the connection is answered in full (``serving/protocol.py``)."""
    publish(esempio, "Strada chiusa")
    with web_process(HOST, tmp_path) as web:
        for address, how in product(PAGES, ASKED):
            web.get(address, **how)  # type: ignore[arg-type]  # it is in memory
            status, body, headers = web.get(address, **how)  # type: ignore[arg-type]
            full = web.get(address, Connection="close", **how)  # type: ignore[arg-type]
            assert (status, body) == full[:2], (address, how)
            assert headers.pop("date")
            assert full[2].pop("date")
            assert full[2].pop("connection") == "close"
            assert headers == full[2], (address, how)
        # What leads nowhere is ready now; the other doors are not.
        found = re.search(rb'/static/[^"]+', web.get("/")[1])
        assert found is not None
        assert web.get(found.group().decode())[0] == 200
        assert web.get("/healthz")[1] == b'{"status": "ok"}'
        assert web.get("/hooks/non-c-e")[2] != web.get("/non-c-e/")[2]
        assert web.get("/console/sportello/")[0] == 302
