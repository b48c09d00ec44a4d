# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posting by hand, in the browser of who holds the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.channel.models import Channel
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.byhand import tasks
from arengo.newsroom.outlets.byhand.models import Task
from tests.factories.channel import CHANNEL, POST
from tests.newsroom.pages import Write
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, shades
from tests.support.in_browser import good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Hand = Callable[..., Task]
Open = Callable[..., Page]


@pytest.fixture
def opened(live_server: LiveServer, visit: Visiting, edo: Person) -> Open:
    """``opened("a-mano/", NARROW)``: the page, signed in as Edo. WhatsApp itself is not there."""

    def page(path: str = "a-mano/", size: Size = NARROW) -> Page:
        found = visit(f"{live_server.url}/console/redazione/{path}", size, sign_in=edo)
        found.context.route("https://whatsapp.com/**", lambda route: route.fulfill(body="WhatsApp"))
        return found

    return page


def allow_copying(context: BrowserContext, address: str) -> None:
    context.grant_permissions(
        ["clipboard-read", "clipboard-write"], origin=re.match(r"https?://[^/]+", address)[0]
    )  # type: ignore[index]  # it is one


def test_step_by_step_on_a_phone(hand: Hand, opened: Open, ada: Person) -> None:
    task = hand(title="Che cosa succede a Esempio nel fine settimana")
    page = opened()
    allow_copying(page.context, page.url)
    good(page)
    keep(page, "byhand-360")
    expect(page.get_by_label("Indirizzo del post")).to_have_accessible_description(
        "Tieni premuto il post, «Copia link»"
    )
    page.get_by_role("button", name="Copia").click()
    expect(page.get_by_text("Testo copiato").first).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("*Che cosa succede a Esempio nel fine settimana*\n\n▪ Sabato il mercato")
    with page.expect_download() as download:
        page.get_by_role("link", name="Salva").click()
    assert download.value.suggested_filename.endswith(".jpg")
    expect(page.get_by_text("Foto salvata").first).to_be_visible()
    finish = page.get_by_role("button", name="Fatto, è sul canale")
    expect(finish).to_have_class(re.compile("btn-outline-primary"))
    with page.context.expect_page() as other:
        page.get_by_role("link", name="Apri").click()
    assert other.value.url == CHANNEL
    other.value.close()
    expect(page.get_by_text("Canale aperto").first).to_be_visible()
    expect(finish).to_have_class(re.compile("btn-primary"))
    page.reload()  # the trip to WhatsApp: the phone threw the page away
    for words in ("Testo copiato", "Foto salvata", "Canale aperto"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.evaluate("address => navigator.clipboard.writeText(address)", POST)
    page.get_by_role("button", name="Incolla").click()
    expect(page.get_by_label("Indirizzo del post")).to_have_value(POST)
    good(page)
    keep(page, "byhand-nearly-360")
    finish.click()
    expect(page.get_by_text("è sul canale WhatsApp.")).to_be_visible()
    expect(page.get_by_text("Non c'è nulla da mettere a mano")).to_be_visible()
    good(page)
    with organization_scope(task.organization_id):
        assert Task.objects.get().placement.url == POST


def test_a_browser_that_does_not_copy_selects_the_text(hand: Hand, opened: Open) -> None:
    hand()
    page = opened()
    page.evaluate(
        "Object.defineProperty(navigator.clipboard, 'writeText', { value: () => Promise.reject() })"
    )
    page.get_by_role("button", name="Copia").click()
    expect(page.get_by_text("già selezionato").first).to_be_visible()
    assert page.evaluate("document.getSelection().toString()").startswith("*Gli appuntamenti")
    good(page)
    page.get_by_role("button", name="Copia").click()
    expect(page.get_by_text("Testo copiato").first).to_be_visible()


def test_a_press_without_a_network_says_so_and_what_is_typed_stays(hand: Hand, opened: Open) -> None:
    hand()
    page = opened()
    allow_copying(page.context, page.url)
    page.get_by_label("Indirizzo del post").fill("whatsapp.com/channel/00")
    page.context.set_offline(True)
    page.get_by_role("button", name="Copia").click()
    expect(page.get_by_text("Non salvato: la rete manca").first).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Copia").click()
    expect(page.get_by_text("Testo copiato").first).to_be_visible()
    expect(page.get_by_label("Indirizzo del post")).to_have_value("whatsapp.com/channel/00")


def test_handing_over_to_a_colleague(hand: Hand, opened: Open, ada: Person) -> None:
    hand()
    page = opened()
    page.get_by_role("button", name="Non posso ora…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("A chi").select_option(label="Ada Esempio")
    good(page)
    keep(page, "byhand-hand-over-360")
    dialog.get_by_role("button", name="Passa").click()
    expect(page.get_by_text("Passato a Ada Esempio.")).to_be_visible()


def test_without_scripts_the_text_is_read_and_the_form_is_sent(
    hand: Hand, live_server: LiveServer, visit: Visiting, edo: Person, ada: Person
) -> None:
    hand()
    page = visit(f"{live_server.url}/console/redazione/a-mano/", NARROW, sign_in=edo)
    state = page.context.storage_state()
    assert page.context.browser is not None
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=state)
    try:
        still = plain.new_page()
        still.goto(page.url)
        expect(still.get_by_text("Senza JavaScript si copia a mano")).to_be_visible()
        still.get_by_text("Leggi il testo", exact=True).click()
        expect(still.get_by_label("Il testo da copiare")).to_have_value(re.compile(r"^\*Gli appuntamenti"))
        still.get_by_role("button", name="Fatto, è sul canale").click()
        expect(still.get_by_text("è sul canale WhatsApp.")).to_be_visible()
    finally:
        plain.close()


@pytest.mark.parametrize("size", WIDTHS)
def test_the_pages_fit(
    whatsapp: Channel,
    town: Organization,
    hand: Hand,
    write: Write,
    opened: Open,
    edo: Person,
    ada: Person,
    size: Size,
) -> None:
    done, waits = hand(), hand(title="Che cosa succede a Esempio nel fine settimana")
    hand(title="Sondaggio da rifare: come si chiamerà il parco di via dei Prati?")
    tasks.finish(done.pk, url=POST, by=edo)
    tasks.note_reading(
        done.pk, day=done.created_at.date(), followers=13_000, reactions=41, votes=None, by=edo
    )
    draft: Update = write(photo=True, outlets=("list", "channel", "byhand"))
    pages = {
        "queue": "a-mano/",
        "done": "a-mano/fatti/",
        "readings": f"a-mano/{done.pk}/numeri/",
        "sent": f"{done.placement.update_id}/",
        "waits": f"{waits.placement.update_id}/",
        "editor": f"{draft.pk}/modifica/",
        "question": f"{draft.pk}/invio/",
        "list": "",
    }
    page = opened("a-mano/", size)
    queue = page.url
    for name, path in pages.items():
        page.goto(urljoin(queue, f"../{path}"))
        for shade in shades(page):
            good(page)
            keep(page, f"byhand-{name}-{size[0]}-{shade}")


def test_the_settings_page(
    town: Organization, live_server: LiveServer, visit: Visiting, alice: Person
) -> None:
    page = visit(f"{live_server.url}/console/impostazioni/canale-whatsapp/", WIDE, sign_in=alice)
    page.get_by_label("Indirizzo del canale WhatsApp").fill("whatsapp.com/channel/0029Esempio")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("Indirizzo salvato.")).to_be_visible()
    expect(page.get_by_label("Indirizzo del canale WhatsApp")).to_have_value(CHANNEL)
    good(page)
    keep(page, "byhand-settings-1280")
