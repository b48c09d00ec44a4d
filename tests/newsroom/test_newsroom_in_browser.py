# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The newsroom as an editor's browser sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from arengo.audience.models import Subscription
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState, Fanout, MessageTemplate, Price, Sender
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import placing
from tests.factories.delivery import decide
from tests.factories.newsroom import draft
from tests.factories.pictures import market_square
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size
from tests.support.in_browser import good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sent(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> Update:
    """An update that went to three: one delivered and read, one failed, one still waiting."""
    monkeypatch.setattr(placing, "call", lambda *args, **kwargs: "media-1")
    update = write(photo=True)
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    first, second, _third = Delivery.objects.order_by("pk")
    decide(Delivery.objects.filter(pk=first.pk), DeliveryState.READ)
    decide(Delivery.objects.filter(pk=second.pk), DeliveryState.ACCEPTED)
    decide(Delivery.objects.filter(pk=second.pk), DeliveryState.FAILED, 131026, "Message undeliverable")
    update.refresh_from_db()
    return update


@pytest.mark.parametrize("size", WIDTHS)
def test_the_empty_list_teaches(town: Organization, open_newsroom: Callable[..., Page], size: Size) -> None:
    page = open_newsroom("", size)
    expect(page.get_by_role("heading", name="Qui si scrive alla città")).to_be_visible()
    good(page)
    keep(page, f"newsroom-empty-{size[0]}")


@pytest.mark.parametrize("size", WIDTHS)
def test_writing_shows_the_phone_the_count_and_the_cost_as_one_types(
    town: Organization, open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom("nuovo/", size)
    page.get_by_label("Titolo").fill("Gli appuntamenti della settimana")
    text = page.get_by_role("group", name="Notizia 1").get_by_label("Testo")
    text.fill("Sabato il mercato si sposta in piazza Roma")
    page.get_by_role("group", name="Notizia 1").get_by_label("Collegamento").fill(
        "www.comune.example.it/mercato"
    )
    phone = page.get_by_role("group", name="Anteprima sul telefono")
    expect(phone).to_contain_text("Gli appuntamenti della settimana")
    expect(phone).to_contain_text("piazza Roma 👉 https://www.comune.example.it/mercato")
    expect(phone).to_contain_text("Cancellami")
    expect(page.locator("#panel .estimate")).to_contain_text(
        re.compile(r"3\s+iscritti\s+€\s0,17\s+stimati\s+1 s")
    )
    expect(page.get_by_text("42 / 800")).to_be_visible()
    good(page)
    keep(page, f"newsroom-editor-{size[0]}")


def test_the_chosen_image_is_on_the_phone_before_anything_is_saved(
    town: Organization, open_newsroom: Callable[..., Page], tmp_path: Path
) -> None:
    photo = tmp_path / "piazza.jpg"
    photo.write_bytes(market_square())
    page = open_newsroom("nuovo/")
    page.get_by_label("Scegli l'immagine").set_input_files(photo)
    shown = page.locator("#panel .bubble img.bubble-image")
    expect(shown).to_have_attribute("src", re.compile("^blob:"))
    expect(page.locator("#panel")).to_contain_text("Manca la descrizione dell'immagine")
    page.get_by_label("Che cosa si vede").fill("Bancarelle in piazza")
    expect(page.locator("#panel")).not_to_contain_text("Manca la descrizione dell'immagine")
    expect(shown).to_have_attribute("src", re.compile("^blob:"))
    good(page)


def test_unsaved_words_are_not_lost_by_a_wrong_press(
    town: Organization, open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom("nuovo/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Titolo").press_sequentially("Mercato")
    page.get_by_role("link", name="Canale", exact=True).click()
    expect(page.get_by_label("Titolo")).to_have_value("Mercato")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Salva la bozza").click()
    page.wait_for_url("**/modifica/")
    page.get_by_role("link", name="Redazione", exact=True).first.click()
    page.wait_for_url("**/redazione/")
    assert asked == ["beforeunload"]


def test_from_the_blank_page_to_the_sent_one(
    town: Organization, open_newsroom: Callable[..., Page], tmp_path: Path
) -> None:
    photo = tmp_path / "piazza.jpg"
    photo.write_bytes(market_square())
    page = open_newsroom("nuovo/")
    page.get_by_label("Titolo").fill("Gli appuntamenti della settimana")
    for number, words in (
        (1, "Sabato il mercato si sposta in piazza Roma"),
        (2, "La biblioteca apre di sera"),
    ):
        group = page.get_by_role("group", name=f"Notizia {number}")
        group.get_by_label("Testo").fill(words)
        group.get_by_label("Collegamento").fill(f"https://www.comune.example.it/{number}")
    page.get_by_label("Scegli l'immagine").set_input_files(photo)
    page.get_by_label("Che cosa si vede").fill("Bancarelle in piazza")
    page.get_by_role("button", name="Invia ora").click()
    page.wait_for_url("**/invio/")
    expect(page.get_by_text("3 persone iscritte alla lista WhatsApp")).to_be_visible()
    expect(page.get_by_text("€ 0,17")).to_be_visible()
    expect(page.locator(".bubble-image")).to_be_visible()
    good(page)
    keep(page, "newsroom-send-1280")
    page.get_by_role("button", name="Invia a 3 persone e al canale").click()
    page.wait_for_url(re.compile(r"/redazione/\d+/$"))
    expect(page.get_by_text("In preparazione").first).to_be_visible()
    with organization_scope(town):
        assert Update.objects.get().state == Update.State.SENDING
    page.go_back()  # the question again …
    if page.get_by_role("button", name="Invia a 3 persone e al canale").is_visible():
        page.get_by_role("button", name="Invia a 3 persone e al canale").click()  # … and a second press
    page.wait_for_url(re.compile(r"/redazione/\d+/$"))
    with organization_scope(town):
        assert Placement.objects.count() == 2


@pytest.mark.parametrize("size", WIDTHS)
def test_the_question_before_sending_fits(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom(f"{write(photo=True).pk}/invio/", size)
    expect(page.get_by_role("button", name="Invia a 3 persone e al canale")).to_be_visible()
    good(page)
    keep(page, f"newsroom-question-{size[0]}")


@pytest.mark.parametrize("size", WIDTHS)
def test_a_sent_update_shows_where_it_went_and_why_some_failed(
    sent: Update, open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom(f"{sent.pk}/", size)
    expect(page.locator("[data-counter=read]")).to_have_text("1")
    expect(page.get_by_text("131026")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Riprova"))).to_be_visible()
    expect(page.get_by_role("link", name="Vedi sul canale")).to_be_visible()
    good(page)
    keep(page, f"newsroom-sent-{size[0]}")


def test_counters_move_without_a_reload(sent: Update, open_newsroom: Callable[..., Page]) -> None:
    page = open_newsroom(f"{sent.pk}/")
    page.evaluate("window.stillTheSamePage = true")
    Fanout.objects.update(n_delivered=2)
    page.evaluate("topic => htmx.trigger('#progress', `sse:${topic}`)", sent.topic)
    expect(page.locator(".outcome-headline")).to_contain_text("Arrivato a 2 persone su 3")
    assert page.evaluate("window.stillTheSamePage")


@pytest.mark.parametrize("size", WIDTHS)
def test_the_list_has_drafts_and_published_ones(
    sent: Update, write: Callable[..., Update], open_newsroom: Callable[..., Page], size: Size
) -> None:
    write(title="Il teatro riapre")
    decide(Delivery.objects.filter(state=DeliveryState.QUEUED), DeliveryState.DELIVERED)
    page = open_newsroom("", size)
    expect(page.get_by_role("heading", name="Bozze")).to_be_visible()
    expect(page.get_by_role("heading", name="Pubblicati")).to_be_visible()
    good(page)
    keep(page, f"newsroom-list-{size[0]}")


@pytest.mark.parametrize("state", ["no template", "stopped", "nobody", "no price", "too long"])
def test_what_stands_in_the_way_is_said_and_so_is_the_remedy(
    town: Organization, write: Callable[..., Update], open_newsroom: Callable[..., Page], state: str
) -> None:
    update = write(title="a" * 4097) if state == "too long" else write()
    words = {
        "no template": "Manca il modello",
        "stopped": "è fermo",
        "nobody": "non è ancora iscritto nessuno",
        "no price": "costo non noto",
        "too long": "4.097 caratteri: il massimo è 100, 3.997 di troppo.",
    }[state]
    if state == "no template":
        MessageTemplate.objects.all().delete()
    elif state == "stopped":
        Sender.objects.update(state=Sender.State.STOPPED)
    elif state == "nobody":
        Subscription.objects.update(active=False)
    elif state == "no price":
        Price.objects.all().delete()
    page = open_newsroom(f"{update.pk}/modifica/")
    expect(page.get_by_text(words).first).to_be_visible()
    good(page)
    keep(page, f"newsroom-{state.replace(' ', '-')}")


def test_two_texts_are_shown_when_somebody_was_faster(
    town: Organization, write: Callable[..., Update], alice: Person, open_newsroom: Callable[..., Page]
) -> None:
    update = write()
    page = open_newsroom(f"{update.pk}/modifica/")
    page.get_by_label("Titolo").fill("Il titolo di Edo")
    writing.save(update.pk, draft(title="Il titolo di Alice"), version=1, by=alice)
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Alice Esempio ha salvato un'altra versione")).to_be_visible()
    expect(page.get_by_label("Titolo")).to_have_value("Il titolo di Edo")
    page.errors.clear()  # type: ignore[attr-defined]  # the browser logs the answer 409
    good(page)
    keep(page, "newsroom-conflict")
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Bozza salvata.")).to_be_visible()


def test_in_the_dark(sent: Update, write: Callable[..., Update], open_newsroom: Callable[..., Page]) -> None:
    page = open_newsroom(f"{write(photo=True, title='').pk}/modifica/", WIDE, dark=True)
    good(page)
    keep(page, "newsroom-editor-dark")
    page = open_newsroom(f"{sent.pk}/", NARROW, dark=True)
    good(page)


def test_what_was_written_outlives_a_session_that_ended(
    town: Organization, open_newsroom: Callable[..., Page], edo: Person
) -> None:
    page = open_newsroom("nuovo/")
    context = page.context
    session = next(cookie for cookie in context.cookies() if cookie["name"] == "sessionid")
    page.get_by_label("Titolo").fill("Scritto con fatica")
    page.get_by_role("group", name="Notizia 1").get_by_label("Testo").fill("Una frase lunga")
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_role("heading", name="Accedi")).to_be_visible()
    context.add_cookies([session])  # signed in again
    page.goto(page.url.split("/console/")[0] + "/console/redazione/nuovo/")
    expect(page.get_by_label("Titolo")).to_have_value("Scritto con fatica")
    expect(page.locator(".kept-notice")).to_be_visible()  # of the session, until it is saved
    expect(page.get_by_role("group", name="Anteprima sul telefono")).to_contain_text("Una frase lunga")
    page.get_by_role("button", name="Salva la bozza").click()
    expect(page.get_by_text("Bozza salvata.").first).to_be_visible()
    page.wait_for_load_state()
    page.goto(page.url.split("/console/")[0] + "/console/redazione/nuovo/")
    expect(page.get_by_label("Titolo")).to_have_value("")


def test_a_session_that_ended_while_writing_is_said_and_leads_back(
    town: Organization, open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom("nuovo/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Titolo").fill("Titolo a metà")
    bar = page.get_by_role("alert").filter(has_text="La sessione è scaduta.")
    expect(bar).to_be_visible()
    expect(page.locator("#panel")).not_to_contain_text("Password")
    bar.get_by_role("link", name="Accedi di nuovo").click()
    expect(page).to_have_url(re.compile(r"login/\?next=%2Fconsole%2Fredazione%2Fnuovo%2F$"))


def test_what_was_written_without_a_network_is_shown_when_it_is_back(
    town: Organization, open_newsroom: Callable[..., Page]
) -> None:
    page = open_newsroom("nuovo/")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_label("Titolo").fill("Scritto in treno")
    page.context.set_offline(False)
    expect(page.get_by_role("group", name="Anteprima sul telefono")).to_contain_text("Scritto in treno")
