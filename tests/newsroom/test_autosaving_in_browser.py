# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor saves by itself, as its browser sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.newsroom import writing
from arengo.newsroom.models import Update
from tests.factories.newsroom import draft
from tests.factories.pictures import market_square
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size
from tests.support.in_browser import good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^Salvato alle \d\d:\d\d$")


def titles(town: Organization) -> list[str]:
    with organization_scope(town):
        return list(Update.objects.order_by("pk").values_list("title", flat=True))


def arrived(page: Page, town: Organization, title: str) -> None:
    """Waits until the server has that title, for a minute at most."""
    for _turn in range(300):
        if titles(town) == [title]:
            break
        page.wait_for_timeout(200)
    assert titles(town) == [title]


def saved(page: Page, town: Organization, title: str) -> None:
    arrived(page, town, title)
    expect(page.locator("#save-state")).to_have_text(SAVED)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_new_draft_saves_itself_and_goes_on_at_its_own_address(
    town: Organization, open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom("nuovo/", size)
    assert titles(town) == []
    page.get_by_label("Titolo").press_sequentially("Mercato")
    expect(page.locator("#save-state")).to_have_text(SAVED)
    page.wait_for_url("**/modifica/")
    expect(page.get_by_role("navigation", name="Accanto al testo")).to_be_visible()
    page.get_by_label("Titolo").press_sequentially(" in piazza")
    saved(page, town, "Mercato in piazza")
    good(page)
    keep(page, f"newsroom-saved-{size[0]}")
    page.get_by_role("link", name="Canale", exact=True).click()  # nobody asks: nothing would be lost
    page.wait_for_url("**/canale/")
    page.go_back()
    expect(page.get_by_label("Titolo")).to_have_value("Mercato in piazza")


def test_the_buttons_and_the_pause_make_one_draft(
    town: Organization, open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom("nuovo/")
    page.get_by_label("Titolo").fill("Mercato")
    page.wait_for_timeout(1_450)  # the pause is about to be over
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Bozza salvata.").first).to_be_visible()
    page.wait_for_timeout(2_000)
    assert titles(town) == ["Mercato"]


def test_without_a_network_the_text_stays_and_is_sent_again(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom(f"{write(title='Prima').pk}/modifica/")
    page.context.set_offline(True)
    page.get_by_label("Titolo").fill("Scritto in treno")
    expect(page.locator("#save-state")).to_have_text("Non salvato: il testo è qui, riprovo")
    page.context.set_offline(False)
    saved(page, town, "Scritto in treno")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_after_a_session_that_ended_the_words_are_saved_by_themselves(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom(f"{write(title='Prima').pk}/modifica/", size)
    address, context = page.url, page.context
    session = next(cookie for cookie in context.cookies() if cookie["name"] == "sessionid")
    context.clear_cookies(name="sessionid")
    page.get_by_label("Titolo").fill("Scritto con fatica")
    expect(page.locator("#save-state")).to_contain_text("Accedi di nuovo e si salva da solo")
    expect(page.get_by_role("alert").filter(has_text="La sessione è scaduta.")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Accedi di nuovo").click()
    context.add_cookies([session])  # signed in again
    page.goto(address)
    expect(page.get_by_label("Titolo")).to_have_value("Scritto con fatica")
    expect(page.locator(".kept-notice")).to_be_visible()
    # Above text and preview, over the full width: the form does not fall apart.
    columns = page.locator(".editor").bounding_box()
    line = page.locator(".kept-notice").bounding_box()
    assert columns is not None
    assert line is not None
    assert line["y"] + line["height"] <= columns["y"]
    assert abs(line["width"] - columns["width"]) < 2
    saved(page, town, "Scritto con fatica")
    expect(page.locator(".kept-notice")).to_contain_text("Quello che avevi scritto è qui, ed è salvato.")
    page.errors.clear()  # type: ignore[attr-defined]  # the browser logs the answers 401
    keep(page, f"newsroom-session-{size[0]}")


def test_a_chosen_picture_is_saved_and_one_that_cannot_be_is_said(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page], tmp_path: Path
) -> None:
    photo, wrong = tmp_path / "piazza.jpg", tmp_path / "testo.jpg"
    photo.write_bytes(market_square())
    wrong.write_bytes(b"no picture")
    page = open_newsroom(f"{write(title='Prima').pk}/modifica/")
    page.get_by_label("Scegli l'immagine").set_input_files(wrong)
    expect(page.locator("#save-state")).to_contain_text("serve una foto JPEG o PNG")
    page.get_by_label("Titolo").fill("Il testo si salva lo stesso")
    arrived(page, town, "Il testo si salva lo stesso")
    expect(page.locator("#save-state")).to_contain_text("serve una foto JPEG o PNG")
    page.get_by_label("Scegli l'immagine").set_input_files(photo)
    expect(page.locator("#image-now img")).to_be_visible()
    expect(page.locator("#save-state")).to_have_text(SAVED)
    with organization_scope(town):
        assert Update.objects.get().image
    expect(page.locator("#panel .bubble img.bubble-image")).to_be_visible()
    good(page)


def test_somebody_elses_text_is_not_written_over(
    town: Organization, write: Callable[..., Update], alice: Person, open_newsroom: Callable[..., Page]
) -> None:
    update = write()
    page = open_newsroom(f"{update.pk}/modifica/")
    with organization_scope(town):
        writing.save(update.pk, draft(title="Il titolo di Alice"), version=1, by=alice)
    page.evaluate("topic => htmx.trigger('#meanwhile', `sse:${topic}`)", update.topic)
    expect(page.get_by_text("Alice Esempio ha salvato un altro testo.")).to_be_visible()
    page.get_by_label("Titolo").fill("Il titolo di Edo")
    expect(page.locator("#save-state")).to_contain_text("Alice Esempio ha salvato un'altra versione")
    page.wait_for_timeout(2_500)
    assert titles(town) == ["Il titolo di Alice"]
    expect(page.get_by_label("Titolo")).to_have_value("Il titolo di Edo")
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Mentre scrivevi, Alice Esempio ha salvato un'altra versione.")).to_be_visible()
    page.get_by_label("Titolo").fill("Il titolo di tutti e due")
    page.wait_for_timeout(2_500)  # who compares has not decided yet
    assert titles(town) == ["Il titolo di Alice"]
    page.errors.clear()  # type: ignore[attr-defined]  # the browser logs the answers 409
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Bozza salvata.")).to_be_visible()
    assert titles(town) == ["Il titolo di tutti e due"]


@pytest.mark.parametrize("size", WIDTHS)
def test_versions_stand_beside_the_text_and_come_back(
    town: Organization,
    write: Callable[..., Update],
    alice: Person,
    open_newsroom: Callable[..., Page],
    size: Size,
) -> None:
    update = write(title="Il mercato di sabato")
    with organization_scope(town):
        writing.save(update.pk, draft(title="Il mercato di domenica"), version=1, by=alice)
    page = open_newsroom(f"{update.pk}/modifica/", size)
    page.get_by_role("navigation", name="Accanto al testo").get_by_role("link", name="Versioni").click()
    expect(page.locator("#pane del")).to_contain_text("sabato")
    expect(page.locator("#panel")).to_be_hidden()
    good(page)
    keep(page, f"newsroom-versions-{size[0]}")
    page.get_by_label("Titolo").fill("Il mercato di lunedì")
    page.get_by_role("button", name="Riprendi la versione 1").click()  # what was being written is saved first
    expect(page.get_by_text("Ripresa la versione 1.")).to_be_visible()
    expect(page.get_by_label("Titolo")).to_have_value("Il mercato di sabato")
    page.get_by_role("link", name="Versioni").click()
    expect(page.locator("#pane")).to_contain_text("lunedì")


def test_versions_in_the_dark(
    town: Organization, write: Callable[..., Update], alice: Person, open_newsroom: Callable[..., Page]
) -> None:
    update = write(title="Il mercato di sabato")
    with organization_scope(town):
        writing.save(update.pk, draft(title="Il mercato di domenica"), version=1, by=alice)
    page = open_newsroom(f"{update.pk}/versioni/", NARROW, dark=True)
    expect(page.locator("ins")).to_be_visible()
    good(page)
    keep(page, "newsroom-versions-dark")
