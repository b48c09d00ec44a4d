# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll in the browser: written, watched, shared, recounted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.newsroom.models import Update
from arengo.newsroom.votes import counting
from arengo.newsroom.votes.models import Poll
from tests.factories.polls import PARKS, QUESTION, closing, over
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, shades
from tests.support.in_browser import good, illustrate, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Votes = Callable[..., None]
Open = Callable[..., Page]


@pytest.fixture
def opened(live_server: LiveServer, visit: Visiting, edo: Person) -> Open:
    """``opened("nuovo/?tipo=poll", WIDE)``: a page of the newsroom, signed in as Edo."""

    def page(path: str, size: Size = WIDE) -> Page:
        return visit(f"{live_server.url}/console/redazione/{path}", size, sign_in=edo)

    return page


@pytest.fixture
def public(live_server: LiveServer, visit: Visiting) -> Open:
    """A page below /sondaggi/, as anybody sees it."""

    def page(path: str, size: Size = WIDE) -> Page:
        return visit(f"{live_server.url}/sondaggi/{path}", size)

    return page


def test_a_poll_is_written_with_answers_that_move(voting: Organization, opened: Open) -> None:
    page = opened("nuovo/?tipo=poll")
    page.get_by_label("Domanda").fill(QUESTION)
    expect(page.get_by_label("Risposta 3", exact=True)).to_be_hidden()
    page.get_by_label("Risposta 1", exact=True).fill(PARKS[1])
    page.get_by_label("Risposta 2", exact=True).fill(PARKS[0])
    page.get_by_role("button", name="Aggiungi una risposta").click()
    expect(page.get_by_label("Risposta 3", exact=True)).to_be_focused()
    page.keyboard.type(PARKS[2])
    page.get_by_role("button", name="Sposta su: risposta 2").click()
    expect(page.get_by_label("Risposta 1", exact=True)).to_have_value(PARKS[0])
    expect(page.locator("#live-region")).to_have_text("La risposta è ora al posto 1")
    page.get_by_role("button", name="Aggiungi una risposta").click()
    page.keyboard.type("Parco di troppo")
    page.get_by_role("button", name="Togli la risposta 4").click()
    expect(page.get_by_label("Risposta 4", exact=True)).to_be_hidden()
    when = closing(timezone.now() + timedelta(days=2))
    page.get_by_label("Si vota fino a").fill(when["day"])
    page.get_by_label("Ora di Roma").fill(when["time"])
    expect(page.locator("#panel")).to_contain_text(f"3. {PARKS[2]}")
    expect(page.locator("#panel")).to_contain_text("Voto 3")
    good(page)
    keep(page, "poll-editor-1280")
    page.evaluate("scrollTo(0, 0)")
    illustrate(page, "sondaggio-scrivi")
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Bozza salvata.")).to_be_visible()
    assert Update.unscoped.get().content["options"] == list(PARKS)
    page.get_by_role("button", name="Invia ora").click()
    expect(page.get_by_role("heading", name="Inviare")).to_be_visible()
    good(page)
    page.get_by_role("button", name="Invia a 40 persone").click()
    expect(page.get_by_text("aperto ancora")).to_be_visible()
    assert Poll.unscoped.get().options == list(PARKS)


def test_the_editor_fits_a_phone_and_the_dark(voting: Organization, opened: Open) -> None:
    page = opened("nuovo/?tipo=poll", NARROW)
    for shade in shades(page):
        good(page)
        keep(page, f"poll-editor-360-{shade}")


def signal(page: Page, poll: Poll) -> None:
    """What the live stream says after each count; the test's server has none."""
    listening = f"[hx-trigger='sse:update:{poll.update_id}']"
    page.evaluate(f'htmx.trigger(document.querySelector("{listening}"), "sse:update:{poll.update_id}")')


@pytest.mark.parametrize("size", WIDTHS)
def test_votes_move_on_the_open_page_and_the_closing_asks_first(
    poll: Poll, votes: Votes, opened: Open, size: Size
) -> None:
    page = opened(f"{poll.update_id}/", size)
    expect(page.get_by_text("I primi voti si vedono")).to_be_visible()
    votes(*[1, 2, 2, 3, 1, 2] * 5)
    assert counting.count(poll.pk)
    signal(page, poll)
    expect(page.get_by_role("heading", name="20 voti fin qui")).to_be_visible()
    expect(page.locator("#live-region")).to_have_text("20 voti fin qui")
    votes(*[3] * 40)
    assert counting.count(poll.pk)
    signal(page, poll)
    # Thirty to forty: of who is held back, some had voted before.
    expect(page.get_by_role("heading", name=re.compile(r"[34]\d voti fin qui"))).to_be_visible()
    expect(page.locator("#live-region")).to_have_text("20 voti fin qui")  # the next minute says more
    for shade in shades(page):
        good(page)
        keep(page, f"poll-open-{size[0]}-{shade}")
    page.get_by_role("button", name="Chiudi prima").click()
    expect(page.get_by_role("dialog")).to_contain_text("Chiudere adesso il sondaggio?")
    page.get_by_role("button", name="Sì, chiudi").click()
    expect(page.get_by_text("Si sta contando")).to_be_visible()
    assert counting.close(poll.pk)
    signal(page, poll)
    expect(page.get_by_role("heading", name="40 voti")).to_be_visible()


def closed(poll: Poll, votes: Votes) -> Poll:
    votes(*[1, 2, 2, 3, 1, 2] * 5)
    over(poll)
    counting.close(poll.pk)
    return Poll.objects.get(pk=poll.pk)


def test_the_result_is_a_picture_with_its_words(poll: Poll, votes: Votes, opened: Open) -> None:
    closed(poll, votes)
    page = opened(f"{poll.update_id}/")
    picture = page.locator("img.poll-picture")
    expect(picture).to_have_attribute("alt", f"{QUESTION} 30 voti. Parco delle Rondini: 10 (33,3%); "
                                             "Parco Anna Esempio, maestra: 15 (50,0%); Parco del Vecchio Mulino: 5 (16,7%). "
                                             "Non è un sondaggio scientifico: ha votato chi ha voluto.")  # fmt: skip
    assert page.evaluate("document.querySelector('img.poll-picture').naturalWidth") > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="PNG").click()
    assert download.value.suggested_filename == f"sondaggio-{poll.update_id}.png"
    keep(page, "poll-result-1280")
    page.evaluate("scrollTo(0, 0)")
    illustrate(page, "sondaggio-risultato")
    good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_everybody_recounts_in_their_browser(poll: Poll, votes: Votes, public: Open, size: Size) -> None:
    closed(poll, votes)
    page = public(f"{poll.update_id}/", size)
    good(page)
    page.get_by_role("link", name="Riconta i voti").click()
    expect(page.get_by_text("I conti tornano.")).to_be_visible()
    expect(page.get_by_text("Il tuo dispositivo ha appena contato 30 voti")).to_be_visible()
    expect(page.get_by_text("30 voti letti dal registro")).to_be_visible()
    expect(page.locator("[data-mark]")).to_have_text(["controllato"] * 4)
    for shade in shades(page):
        good(page)
        keep(page, f"poll-recount-{size[0]}-{shade}")
    page.get_by_role("button", name="Conta di nuovo").click()
    expect(page.get_by_text("I conti tornano.")).to_be_visible()
    if size == WIDE:
        page.evaluate("scrollTo(0, 0)")
        illustrate(page, "sondaggio-riconta")


@pytest.mark.parametrize("what", ["result", "register", "statement", "key"])
def test_what_was_changed_is_found_by_the_browser(poll: Poll, votes: Votes, public: Open, what: str) -> None:
    found = closed(poll, votes)
    lines = found.register.splitlines(keepends=True)
    changes: dict[str, dict[str, object]] = {
        "result": {"counted": [11, 14, 5]},
        "register": {"register": "".join(lines[1:]) + lines[0]},
        "statement": {"statement": found.statement.replace("Rondini", "Rondoni")},
        "key": {"signing_key": found.signing_key[:1] + bytes(reversed(bytes(found.signing_key[1:])))},
    }
    Poll.objects.filter(pk=poll.pk).update(**changes[what])
    page = public(f"{poll.update_id}/riconta/")
    expect(page.get_by_text("I conti non tornano.")).to_be_visible()
    expect(page.locator("[data-state=no] [data-mark]").first).to_have_text("non va")


def test_without_javascript_the_page_says_how_to_count(
    poll: Poll, votes: Votes, live_server: LiveServer, visit: Visiting
) -> None:
    closed(poll, votes)
    page = visit(f"{live_server.url}/sondaggi/{poll.update_id}/riconta/", WIDE)
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()  # type: ignore[union-attr]
    plain.goto(page.url)
    expect(plain.get_by_text("Senza JavaScript il conto non si fa qui.")).to_be_visible()
    expect(plain.get_by_text("sort | uniq -c")).to_be_visible()
    expect(plain.get_by_role("button", name="Conta di nuovo")).to_be_hidden()
    plain.context.close()


def test_the_public_page_of_an_open_poll(poll: Poll, public: Open) -> None:
    page = public(f"{poll.update_id}/", NARROW)
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    for shade in shades(page):
        good(page)
        keep(page, f"poll-public-360-{shade}")
