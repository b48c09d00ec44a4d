# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A pasted link becomes an item: what its page says of itself, and what cannot be read."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from hypothesis import given, strategies as st
from pytest_django.fixtures import Settings

from arengo.core.models import Organization, Person
from arengo.newsroom.models import Update
from arengo.newsroom.pages import markup
from arengo.newsroom.pages.about import about
from arengo.newsroom.pages.reading import MOST, MOST_REDIRECTS, Trouble, look, read
from tests.support.web_site import HTML, Answering, Site, running, says, site

__all__ = ["site"]  # a fixture

HERE = "https://www.comune.example.it/notizie/7"
OPEN_GRAPH = """<!doctype html><html lang="it"><head><title>Comune di Esempio | Sito ufficiale</title>
<!-- <meta property="og:title" content="Un vecchio titolo"> -->
<meta property="og:title" content="Viale dei Tigli chiuso &laquo;fino a venerd&igrave;&raquo;">
<meta property='og:description' content='Deviazione per   via Roma.'>
<meta content="/immagini/tigli.jpg" property="og:image">
<meta property="article:published_time" content="2026-11-26T09:00:00+01:00">
<link rel="canonical" href="/notizie/tigli"></head><body><h1>Avvisi</h1></body></html>"""
SCHEMA = """<html><head><title>Home</title><script type="application/ld+json">{"@context": "https://schema.org",
"@graph": [{"@type": "Organization", "name": "Comune di Esempio"}, {"@type": ["NewsArticle"],
"headline": "Bando affitti", "description": "Domande entro il 15.", "datePublished": "2026-11-20",
"image": [{"url": "https://cdn.example.it/b.jpg"}]}]}</script></head></html>"""


def test_open_graph_comes_first() -> None:
    found = about(OPEN_GRAPH, HERE)
    assert found.title == "Viale dei Tigli chiuso «fino a venerdì»"
    assert found.description == "Deviazione per via Roma."
    assert found.image == "https://www.comune.example.it/immagini/tigli.jpg"
    assert found.on == date(2026, 11, 26)
    assert found.address == "https://www.comune.example.it/notizie/tigli"


def test_then_what_the_article_says_of_itself_not_the_site() -> None:
    found = about(SCHEMA, HERE)
    assert (found.title, found.description, found.on) == (
        "Bando affitti",
        "Domande entro il 15.",
        date(2026, 11, 20),
    )
    assert found.image == "https://cdn.example.it/b.jpg"


def test_then_its_heading_and_last_its_title() -> None:
    heading = about("<title>Sito</title><h1 class='x'>Mercato <b>di</b>\nNatale</h1>", HERE)
    assert heading.title == "Mercato di Natale"
    assert about("<TITLE>Sito &amp; altro</TITLE>", HERE).title == "Sito & altro"


def test_a_page_names_a_better_address_only_of_its_own_site() -> None:
    assert about('<link rel=canonical href="https://altrove.example.org/x">', HERE).address == HERE


@pytest.mark.parametrize("day", ["1969-12-30", "1970-01-01T00:00:00Z", "ieri", "9999-12-31"])
def test_a_day_that_cannot_be_is_no_day(day: str) -> None:
    assert about(f'<meta property="article:published_time" content="{day}">', HERE).on is None


def test_a_picture_that_is_no_web_address_is_none() -> None:
    assert about('<meta property="og:image" content="javascript:alert(1)">', HERE).image == ""
    assert about('<meta property="og:image" content="http://[">', HERE).image == ""


@given(st.text(alphabet=st.sampled_from("<>!-/\"'= metalinkscrph1og:x&;"), max_size=400))
def test_no_page_is_too_odd_to_be_read(page: str) -> None:
    found = about(page, HERE)
    assert len(found.title) <= 301
    assert "\x00" not in found.title


@pytest.mark.parametrize(
    "part",
    [
        "<!--",
        "<a ",
        "<",
        "<div>",
        "<meta ",
        '<meta "',
        "<title>",
        "<h1><b>",
        "<script type=application/ld+json>",
        "&",
    ],
)
def test_time_grows_with_the_length_of_a_page_alone(part: str) -> None:
    """A page eight times as long takes some eight times as long, whatever it repeats."""

    def spent(size: int) -> float:
        page = part * (size // len(part))
        began = time.process_time()
        markup.read(page)
        return time.process_time() - began

    spent(10_000)
    short, long = min(spent(200_000) for _ in range(3)), min(spent(1_600_000) for _ in range(2))
    assert long <= 30 * max(short, 0.01)


# --- asking ---------------------------------------------------------------------------------------------------------


def test_a_page_is_read_where_its_redirects_lead(site: Site) -> None:
    site.answers = {"/x": says(301, Location="/y"), "/y": says(200, OPEN_GRAPH.encode(), **HTML)}
    found = read(f"{site.home}/x")
    assert found.about is not None
    assert found.about.title.startswith("Viale dei Tigli")
    assert found.address == f"{site.home}/y"
    assert found.moved


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("cp1252", "text/html"),
        ("utf-8", "text/html"),
        ("iso-8859-1", "text/html; charset=ISO-8859-1"),
        ("utf-16", "text/html; charset=utf-16"),
    ],
)
def test_accents_are_read_in_any_usual_encoding(site: Site, encoding: str, header: str) -> None:
    site.answers = {"/": says(200, "<title>Più attività</title>".encode(encoding), Content_Type=header)}
    found = read(f"{site.home}/")
    assert found.about is not None
    assert found.about.title == "Più attività"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (says(404), Trouble.GONE),
        (says(410), Trouble.GONE),
        (says(403), Trouble.FORBIDDEN),
        (says(500), Trouble.BROKEN),
        (says(200, b"%PDF", Content_Type="application/pdf"), Trouble.NOT_HTML),
        (says(200, b"x" * (MOST + 1), **HTML), Trouble.TOO_LARGE),
        (says(302, Location="/"), Trouble.CIRCLE),
        (says(302, Location="file:///etc/passwd"), Trouble.NOT_WEB),
        (says(302, Location="http://["), Trouble.BROKEN),
        (says(200, b"x", Content_Type="text/html", Content_Encoding="br"), Trouble.BROKEN),
    ],
)
def test_what_cannot_be_read_has_a_name(site: Site, answer: Answering, trouble: Trouble) -> None:
    site.answers = {"/": answer}
    assert read(f"{site.home}/").trouble is trouble
    assert len(site.asked) <= MOST_REDIRECTS + 1


def test_a_redirect_to_a_private_machine_reaches_nothing(site: Site, settings: Settings) -> None:
    inside = site.server_address[1]
    with running() as other:
        other.answers = {"/": says(302, Location=f"http://127.0.0.1:{inside}/secret")}
        settings.ARENGO_ALLOWED_ADDRESSES = [f"127.0.0.1:{other.server_address[1]}"]
        found = read(f"{other.home}/")
    assert found.trouble is Trouble.PRIVATE
    assert site.asked == []


def test_links_are_looked_at_together(site: Site) -> None:
    site.answers = {"/a": says(200, b"<title>A</title>", **HTML)}
    found = look([f"{site.home}/a", f"{site.home}/b", f"{site.home}/a", "http://127.0.0.1:1/"])
    assert [one.trouble for one in found.values()] == [None, Trouble.GONE, Trouble.SILENT]


# --- in the editor ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_of_a_link_is_shown_beside_its_item(
    edo: Person, esempio: Organization, browse: Callable[..., Client], site: Site
) -> None:
    site.answers = {"/": says(200, OPEN_GRAPH.encode(), **HTML)}
    answer = browse(edo).post("/console/redazione/pagina/", {"number": "2", "url_2": f"{site.home}/"})
    assert answer.status_code == 200
    assert "Viale dei Tigli chiuso" in answer.text
    assert "Usa il titolo" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "ftp://x.example.it/", "javascript:alert(1)", "http://127.0.0.1:1/"])
def test_a_link_that_cannot_be_read_says_why_and_stays(
    edo: Person, esempio: Organization, browse: Callable[..., Client], address: str
) -> None:
    answer = browse(edo).post("/console/redazione/pagina/", {"number": "1", "url_1": address})
    assert answer.status_code == 200
    assert "Scrivi tu la riga: il collegamento resta." in answer.text


@pytest.mark.django_db
def test_carlo_and_operators_read_no_pages(
    carlo: Person, olga: Person, esempio: Organization, browse: Callable[..., Client]
) -> None:
    assert (
        browse(carlo).post("/console/redazione/pagina/", {"number": "1", "url_1": "x.example.it"}).status_code
        == 404
    )
    assert (
        browse(olga).post("/console/redazione/pagina/", {"number": "1", "url_1": "x.example.it"}).status_code
        == 403
    )


@pytest.mark.django_db
def test_there_are_as_many_items_as_the_editor_has(
    edo: Person, esempio: Organization, browse: Callable[..., Client]
) -> None:
    assert browse(edo).post("/console/redazione/pagina/", {"number": "9"}).status_code == 404


@pytest.mark.django_db
def test_who_is_about_to_send_reads_which_links_do_not_open(
    edo: Person, town: Organization, write: Callable[..., Update], browse: Callable[..., Client], site: Site
) -> None:
    site.answers = {"/a": says(301, Location="/b"), "/b": says(200, b"<title>B</title>", **HTML)}
    update = write()
    first, second = update.items.all()[:2]
    type(first).objects.filter(pk=first.pk).update(url=f"{site.home}/a")
    type(first).objects.filter(pk=second.pk).update(url=f"{site.home}/gone")
    assert (
        f"/console/redazione/{update.pk}/collegamenti/"
        in browse(edo).get(f"/console/redazione/{update.pk}/invio/").text
    )
    answer = browse(edo).get(f"/console/redazione/{update.pk}/collegamenti/").text
    assert "La pagina non c’è" in answer
    assert f"{site.home}/b" in answer
    assert "Si può inviare lo stesso" in answer


@pytest.mark.django_db
def test_carlo_looks_at_no_links(
    carlo: Person, town: Organization, write: Callable[..., Update], browse: Callable[..., Client]
) -> None:
    update = write()
    assert browse(carlo).get(f"/console/redazione/{update.pk}/collegamenti/").status_code == 404
