# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Review, comments, sharing, archive and electoral period, as an editor's browser sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Membership, Organization, Person
from arengo.core.scope import organization_scope
from arengo.newsroom import writing
from arengo.newsroom.archive import verbs as archive
from arengo.newsroom.comments import verbs as comments
from arengo.newsroom.electoral.models import ElectoralPeriod
from arengo.newsroom.models import Update
from arengo.newsroom.review import verbs as review
from arengo.newsroom.review.models import ReviewRule
from arengo.newsroom.sharing import links
from tests.factories.newsroom import draft
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting
from tests.support.in_browser import good, illustrate, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(town: Organization, write: Callable[..., Update], edo: Person, ada: Person) -> Update:
    """Edo asks for Ada's yes; she sent an earlier text back."""
    update = write(title="Che cosa succede nel fine settimana", photo=True)
    with organization_scope(town):
        first = review.ask(update.pk, by=edo, version=1)
        reader = Membership.objects.get(person=ada)
        review.send_back(first.pk, by=reader, version=1, reason="Il mercato è domenica, non sabato.")
        changed = draft(title="Che cosa succede domenica", has_image=True, image_alt="Una piazza disegnata")
        writing.save(update.pk, changed, version=1, by=edo)
        review.ask(update.pk, by=edo, version=2, note="Ho preso la data nuova dal sito.")
    update.refresh_from_db()
    return update


@pytest.fixture
def as_ada(live_server: LiveServer, visit: Visiting, ada: Person) -> Callable[..., Page]:
    def opened(path: str = "", size: Size = WIDE, *, dark: bool = False) -> Page:
        return visit(f"{live_server.url}/console/redazione/{path}", size, sign_in=ada, dark=dark)

    return opened


@pytest.mark.parametrize("size", WIDTHS)
def test_who_is_asked_finds_it_reads_what_changed_and_sends_it_back_with_words(
    town: Organization, asked: Update, as_ada: Callable[..., Page], size: Size
) -> None:
    page = as_ada("", size)
    expect(page.get_by_role("heading", name="Aspettano il tuo sì")).to_be_visible()
    good(page)
    keep(page, f"newsroom-your-yes-{size[0]}")
    page.get_by_role("link", name="Che cosa succede domenica").first.click()
    expect(page.get_by_role("heading", name="Che cosa è cambiato")).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("domenica")
    good(page)
    keep(page, f"newsroom-review-{size[0]}")
    if size == WIDE:
        illustrate(page, "redazione-revisione")
    page.get_by_role("button", name="Rimanda…").click()
    good(page)
    keep(page, f"newsroom-send-back-{size[0]}", full_page=False)
    page.get_by_role("dialog").get_by_label("Che cosa va cambiato").fill("Manca l'orario.")
    page.get_by_role("dialog").get_by_role("button", name="Rimanda").click()
    expect(page.get_by_text("Rimandato a chi l'ha scritto.")).to_be_visible()
    expect(page.get_by_text("Manca l'orario.")).to_be_visible()


@pytest.mark.parametrize("size", WIDTHS)
def test_with_four_eyes_the_first_button_asks_and_the_yes_opens_the_way(
    town: Organization,
    write: Callable[..., Update],
    ada: Person,
    open_newsroom: Callable[..., Page],
    as_ada: Callable[..., Page],
    size: Size,
) -> None:
    with organization_scope(town):
        ReviewRule.objects.create(organization=town, four_eyes=True)
    update = write()
    page = open_newsroom(f"{update.pk}/modifica/", size)
    page.get_by_role("button", name="Invia ora").click()
    expect(page.get_by_text("L'hai scritto tu: serve il sì di un'altra persona")).to_be_visible()
    good(page)
    keep(page, f"newsroom-gate-{size[0]}")
    page.get_by_role("link", name="Manda in revisione").click()
    page.get_by_label("Che cosa deve sapere chi lo legge").fill("È urgente.")
    keep(page, f"newsroom-ask-{size[0]}")
    page.get_by_role("button", name="Manda in revisione").click()
    expect(page.get_by_text("Mandato in revisione.")).to_be_visible()
    good(page)
    reading = as_ada(f"{update.pk}/revisione/", size)
    expect(reading.get_by_text("È urgente.")).to_be_visible()
    reading.get_by_role("button", name="Approva").click()
    expect(reading.get_by_text("Approvato: può partire.", exact=True)).to_be_visible()
    page = open_newsroom(f"{update.pk}/modifica/", size)
    expect(page.get_by_text("Ada Esempio l'ha approvato.")).to_be_visible()
    keep(page, f"newsroom-approved-{size[0]}")
    good(page)
    page.get_by_role("button", name="Invia ora").click()
    expect(page.get_by_role("button", name="Invia a 3 persone e al canale")).to_be_visible()


@pytest.mark.parametrize("size", WIDTHS)
def test_colleagues_comment_beside_the_text_without_leaving_it(
    town: Organization,
    write: Callable[..., Update],
    ada: Person,
    open_newsroom: Callable[..., Page],
    size: Size,
) -> None:
    update = write()
    with organization_scope(town):
        comments.comment(update.pk, "Fino a che ora?", by=ada, about="text_2")
    page = open_newsroom(f"{update.pk}/modifica/", size)
    page.get_by_label("Titolo").fill("Sto scrivendo")
    page.get_by_role("navigation", name="Accanto al testo").get_by_role("link", name="Commenti").click()
    expect(page.locator("#pane").get_by_text("Fino a che ora?")).to_be_visible()
    page.locator("#pane").get_by_label("Commento").fill("Fino alle 22.")
    page.locator("#pane").get_by_role("button", name="Commenta", exact=True).click()
    expect(page.locator("#comment-list")).to_contain_text("Fino alle 22.")
    expect(page.locator("#pane").get_by_label("Commento")).to_have_value("")
    expect(page.locator("[data-kept-notice]:not(template)")).to_have_count(0)
    expect(page.get_by_label("Titolo")).to_have_value("Sto scrivendo")
    page.locator("#pane").get_by_role("button", name="Commenta", exact=True).click()  # with nothing written
    expect(page.locator("#pane").get_by_text("Scrivi il commento.").first).to_be_visible()
    page.errors.clear()  # type: ignore[attr-defined]  # the browser logs the answer 422
    page.locator("#pane").get_by_role("button", name="Risolto il commento di Ada Esempio").click()
    expect(page.locator("#comment-list [data-settled]")).to_contain_text("Fino a che ora?")
    good(page)
    keep(page, f"newsroom-comments-{size[0]}")


def test_two_editors_see_each_other(
    town: Organization,
    write: Callable[..., Update],
    open_newsroom: Callable[..., Page],
    as_ada: Callable[..., Page],
) -> None:
    update = write()
    page = open_newsroom(f"{update.pk}/modifica/")
    told = {"update": update.pk, "person": 999_999, "name": "Ada", "doing": "writes"}
    page.evaluate(
        """told => {
          const source = new EventTarget();
          document.dispatchEvent(new CustomEvent("htmx:sseOpen", { detail: { source } }));
          source.dispatchEvent(Object.assign(new Event("newsroom-presence"), { data: JSON.stringify(told) }));
        }""",
        told,
    )
    expect(page.locator("#newsroom-presence")).to_have_text("\u2068Ada\u2069 sta scrivendo")
    good(page)


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("dark", [False, True])
def test_the_mayor_sees_it_without_an_account(
    town: Organization,
    write: Callable[..., Update],
    edo: Person,
    live_server: LiveServer,
    visit: Visiting,
    size: Size,
    dark: bool,
) -> None:
    update = write(photo=True)
    with organization_scope(town):
        path = links.address_of(links.make(update.pk, days=3, by=edo), town).split("/", 3)[3]
    page = visit(f"{live_server.url}/{path}", size, dark=dark)
    expect(page.get_by_role("heading", name="Come sarà")).to_be_visible()
    expect(page.locator(".bubble-image")).to_be_visible()
    assert page.locator(".bubble-image").evaluate("image => image.complete && image.naturalWidth > 0")
    good(page)
    keep(page, f"newsroom-mayor-{size[0]}{'-dark' if dark else ''}")


@pytest.mark.parametrize("size", WIDTHS)
def test_a_link_is_made_beside_the_text(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom(f"{write().pk}/modifica/", size)
    page.get_by_role("navigation", name="Accanto al testo").get_by_role("link", name="Fai vedere").click()
    page.get_by_label("Per chi").fill("la sindaca")
    page.get_by_role("button", name="Fai un link").click()
    expect(page.locator(".shared-address")).to_contain_text("/anteprima/")
    expect(page.get_by_label("Per chi")).to_have_value("")
    good(page)
    keep(page, f"newsroom-sharing-{size[0]}")


@pytest.mark.parametrize("size", WIDTHS)
def test_words_lead_to_updates_and_the_archive_keeps_them(
    town: Organization,
    write: Callable[..., Update],
    edo: Person,
    open_newsroom: Callable[..., Page],
    size: Size,
) -> None:
    away = write(title="Il mercato di Natale")
    write(title="Il teatro riapre")
    with organization_scope(town):
        archive.put_away(away.pk, by=edo)
    page = open_newsroom("", size)
    page.get_by_role("searchbox", name="Cerca negli aggiornamenti").fill("mercati")
    good(page)
    keep(page, f"newsroom-home-{size[0]}")
    page.get_by_role("button", name="Cerca").click()
    expect(page.locator("mark").first).to_have_text("mercato")
    good(page)
    keep(page, f"newsroom-search-{size[0]}")
    page.get_by_role("link", name="Redazione").last.click()
    page.get_by_role("link", name="Archivio").click()
    expect(page.get_by_role("link", name="Il mercato di Natale")).to_be_visible()
    good(page)
    keep(page, f"newsroom-archive-{size[0]}")


@pytest.mark.parametrize("size", WIDTHS)
def test_during_an_electoral_period_the_question_asks_why(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    today = timezone.localdate()
    with organization_scope(town):
        ElectoralPeriod.objects.create(
            organization=town, name="Elezioni comunali", begins=today, ends=today + timedelta(days=20)
        )
    update = write()
    page = open_newsroom(f"{update.pk}/invio/", size)
    good(page)
    keep(page, f"newsroom-electoral-{size[0]}")
    page.get_by_label("Perché va comunicato adesso").fill("Cambia la viabilità in centro.")
    page.get_by_role("button", name="Salva il motivo").click()
    expect(page.get_by_role("button", name="Invia a 3 persone e al canale")).to_be_visible()
    good(page)


def test_in_the_dark(
    town: Organization, asked: Update, as_ada: Callable[..., Page], open_newsroom: Callable[..., Page]
) -> None:
    for size in (WIDE, NARROW):
        page = as_ada(f"{asked.pk}/revisione/", size, dark=True)
        good(page)
        keep(page, f"newsroom-review-dark-{size[0]}")
    page = open_newsroom(f"{asked.pk}/modifica/", WIDE, dark=True)
    good(page)
    keep(page, "newsroom-editor-in-review-dark")
