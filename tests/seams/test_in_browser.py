# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform, an outlet, a kind and a settings page that nobody in ``src/`` knows, together, as staff have them on screen.

A webhook comes in at the door, messages leave through the dispatcher to the platform's own server; the newsroom's job is
done when the test says so.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Person
from arengo.delivery.models import DeliveryState
from arengo.newsroom import publishing
from arengo.newsroom.outlets.base.contract import NotNow
from tests.delivery.sending.dispatching import dispatch_until, settled
from tests.seams.board.machine import Board
from tests.seams.platform_mock.number import gabbiano, knock, outside, says, sender
from tests.seams.platform_mock.world import World
from tests.support.browser_kit import Visiting, assert_good

__all__ = ["gabbiano", "knock", "outside", "says", "sender"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closure", "made_up"),
]

STREET = "via Roma, fino alle 18"
SHOWN = STREET.upper()
MESSAGE = f"*Strada chiusa*: {STREET}\n\nPer non ricevere più messaggi scrivi CANCELLAMI"

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """In a thread of its own: Playwright keeps an event loop in this one, and what is asynchronous wants another."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.copy_context().run, run).result()


@pytest.fixture
def tell(says: Callable[..., str]) -> Callable[..., str]:
    """``says``, while a browser is open."""
    return lambda text, user="g-anna", **more: aside(lambda: says(text, user, **more))


@pytest.fixture
def opened(visit: Visiting, live_server: LiveServer) -> Callable[..., Page]:
    """``opened(olga, "desk:inbox")``: one of her pages."""
    return lambda person, name, query="": visit(f"{live_server.url}{reverse(name)}{query}", sign_in=person)


def leave(*states: int) -> None:
    """The dispatcher runs until every message is in one of these states; without any: accepted."""
    aside(lambda: dispatch_until(settled(*states)))


def hand_over(presses: int) -> str:
    """The newsroom's job, once, as the last of so many presses deferred it. Returns why it must come again; "" at its end."""
    jobs = ProcrastinateJob.objects.filter(task_name=publishing.JOB)
    assert jobs.count() == presses
    args = jobs.latest("id").args
    try:
        publishing.carry_out(**args)
    except NotNow as busy:
        return busy.words
    return ""


def goto(page: Page, name: str) -> None:
    page.goto(f"{page.url.partition('/console/')[0]}{reverse(name)}")


def counter(page: Page, name: str) -> Locator:
    return page.locator(f"[data-counter={name}]")


def answered_at_the_desk(desk: Page, tell: Callable[..., str], outside: World) -> None:
    """A citizen writes, mends what they wrote, and gets an answer."""
    first = tell("Quando apre l’angrafe?")
    desk.reload()
    desk.get_by_role("link", name=re.compile("Anna")).click()
    expect(desk.locator(".desk-in .desk-text")).to_have_text("Quando apre l’angrafe?")
    tell("Quando apre l’anagrafe?", edits=first)
    desk.reload()
    expect(desk.locator(".desk-in .desk-text").first).to_have_text("Quando apre l’anagrafe?")
    desk.get_by_label("Risposta al cittadino").fill("Alle nove.")
    desk.get_by_role("button", name="Invia", exact=True).click()
    expect(desk.locator(".desk-out:not(.desk-pending) .desk-text")).to_have_text("Alle nove.")
    leave()
    assert outside.sent == [("g-anna", "Alle nove.")]
    desk.reload()
    expect(desk.locator(".desk-out .ticks")).to_have_text("inviato")
    assert_good(desk)


def written_and_sent(news: Page, board: Board) -> None:
    """The editor sees what each outlet makes of it, whom it reaches, and presses."""
    expect(news.get_by_text("Quale strada si chiude")).to_be_visible()
    news.get_by_role("checkbox", name="Canale pubblico").uncheck()
    expect(news.get_by_role("checkbox", name="Lista WhatsApp")).to_be_checked()
    expect(news.get_by_role("checkbox", name="Tabellone")).to_be_checked()
    news.get_by_label("Titolo").fill("a" * 41)
    expect(news.get_by_text("Il tabellone ha 40 lettere.")).to_be_visible()
    news.get_by_label("Titolo").fill(STREET)
    expect(news.locator(".board")).to_have_text(SHOWN)
    expect(news.locator(".bubble-body")).to_contain_text(f"Strada chiusa: {STREET}")
    expect(news.get_by_text(f"Messaggio intero: {len(MESSAGE)} / 200 caratteri")).to_be_visible()
    expect(news.locator(".estimate")).to_contain_text(re.compile(r"2\s+iscritti"))
    expect(news.get_by_text("Prima di inviare")).to_have_count(0)
    assert_good(news)
    news.get_by_role("button", name="Invia ora").click()
    expect(news.get_by_role("heading", name=f"Inviare «{STREET}»?")).to_be_visible()
    expect(news.get_by_text("sul tabellone di piazza Roma")).to_be_visible()
    news.get_by_role("button", name="Invia a 2 persone e al tabellone").click()
    expect(news.get_by_role("heading", name=STREET, exact=True)).to_be_visible()
    assert board.asked == []


def the_board_is_placed_once(news: Page, board: Board) -> None:
    """It fails, is pressed again, answers late, loses its answer, and shows the text once."""
    board.off = True
    assert hand_over(1) == ""
    news.reload()
    expect(news.get_by_text("Il tabellone è spento.")).to_be_visible()
    board.off = False
    board.behave(["late", "lost"])
    news.locator("#retry-board").click()
    expect(news.get_by_text("Il tabellone è spento.")).to_have_count(0)
    for _mood in ("late", "lost"):
        assert hand_over(2) == "Il tabellone non risponde."
        news.reload()
        expect(news.get_by_text("Arengo riprova da solo.")).to_be_visible()
    assert hand_over(2) == ""
    assert list(board.lines.values()) == [SHOWN]
    assert len(board.asked) == 3
    news.reload()
    expect(news.locator("#progress")).to_contain_text(f"uscito: {SHOWN}")


def the_list_is_written_to_once_each(news: Page, outside: World) -> None:
    """Bruno's copy is refused; once what refused it is mended, a press sends it."""
    leave(DeliveryState.ACCEPTED, DeliveryState.FAILED)
    news.reload()
    expect(counter(news, "accepted")).to_have_text("1")
    expect(counter(news, "failed")).to_have_text("1")
    expect(news.get_by_role("table", name="Motivi dei messaggi non riusciti")).to_contain_text(
        "Gabbiano risponde 410."
    )
    assert_good(news)
    outside.refuses.clear()
    news.locator("#retry-410").click()
    expect(news.get_by_text("1 persona che non l'ha avuto")).to_be_visible()
    assert_good(news)
    news.get_by_role("button", name="Riprova con 1 persona").click()
    expect(news.get_by_role("table", name="Motivi dei messaggi non riusciti")).to_have_count(0)
    leave()
    news.reload()
    expect(counter(news, "accepted")).to_have_text("2")
    expect(counter(news, "failed")).to_have_text("0")
    expect(news.get_by_text("due persone chiedono fino a quando")).to_be_visible()
    assert outside.sent[1:] == [("g-anna", MESSAGE), ("g-bruno", MESSAGE)]


def the_setting_is_changed(console: Page) -> None:
    console.get_by_role("link", name="Acqua", exact=True).click()
    expect(console.get_by_role("heading", name="Fontane")).to_be_visible()
    assert_good(console)
    console.get_by_role("button", name="Apri la fontana").click()
    expect(console.get_by_role("heading", name="Fontane")).to_be_visible()


def erased(console: Page) -> None:
    console.get_by_role("link", name="Iscritti", exact=True).click()
    console.get_by_role("link", name="Persone", exact=True).click()
    console.get_by_role("link", name="Anna", exact=True).click()
    console.get_by_role("link", name="Cancella tutto di lei").click()
    console.get_by_label("Ha mostrato un documento").check()
    console.get_by_role("button", name="Cancella tutto di lei").click()
    expect(console.get_by_text("I dati di questa persona sono stati eliminati.").first).to_be_visible()
    console.get_by_role("link", name="Iscritti", exact=True).click()
    console.get_by_role("link", name="Persone", exact=True).click()
    expect(console.get_by_role("link", name="Bruno", exact=True)).to_be_visible()
    expect(console.get_by_text("Anna")).to_have_count(0)


def reported_in_the_log(log: Page) -> None:
    """From the newest: who, what, on what and its details; no name of the code."""
    lines = log.get_by_role("table").locator("tbody tr")
    for who, what in (
        ("Alice Esempio", "ha eliminato i dati di un cittadino"),
        ("Alice Esempio", "ha aperto una fontana dove: piazza"),
        ("Edo Esempio", f"ha riprovato gli invii non riusciti aggiornamento «{STREET}»"),
        ("Edo Esempio", f"ha riprovato una pubblicazione aggiornamento «{STREET}» dove: tabellone"),
        ("Edo Esempio", "dove: lista WhatsApp, tabellone; destinatari: 2"),
        ("Olga Esempio", "ha preso in carico una conversazione"),
    ):
        line = lines.filter(has_text=re.compile(rf"{who}\s+.*{_spaced(what)}", re.DOTALL))
        assert line.count() == 1, (what, log.get_by_role("table").inner_text())
    expect(lines.filter(has_text=re.compile(r"\b(made_up|newsroom|desk|audience|board)\b"))).to_have_count(0)
    assert_good(log)
    log.get_by_role("link", name=f"aggiornamento «{STREET}»").first.click()
    expect(log.get_by_role("heading", name=STREET, exact=True)).to_be_visible()


def _spaced(words: str) -> str:
    return r"\s+".join(map(re.escape, words.split()))


def test_they_go_the_whole_way_on_screen(
    board: Board, outside: World, tell: Callable[..., str], opened: Callable[..., Page],
    alice: Person, olga: Person, edo: Person,
) -> None:  # fmt: skip
    desk = opened(olga, "desk:inbox")
    answered_at_the_desk(desk, tell, outside)

    tell("iscrivimi")
    tell("iscrivimi", "g-bruno", name="Bruno")
    outside.refuses["g-bruno"] = 410
    news = opened(edo, "newsroom:new", "?tipo=closure")
    written_and_sent(news, board)
    the_board_is_placed_once(news, board)
    the_list_is_written_to_once_each(news, outside)

    console = opened(alice, "settings:home")
    the_setting_is_changed(console)
    erased(console)
    goto(desk, "desk:inbox")
    expect(desk.get_by_role("heading", name="Sportello")).to_be_visible()
    expect(desk.locator(".desk-row")).to_have_count(0)
    for gone in ("Anna", "anagrafe", "Alle nove."):
        expect(desk.get_by_text(gone)).to_have_count(0)
    goto(console, "settings:log")
    reported_in_the_log(console)
