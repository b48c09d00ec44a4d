# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A thread before an operator's eyes: where it opens, its photos whole, its files judged before they are sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.delivery.models import Sender
from arengo.desk import handling, replying
from arengo.desk.models import Attachment, Conversation, Message
from arengo.newsroom.models import Update
from arengo.platforms.contract import Card, Cards, Field, Form, Item, Ordered, Unknown
from tests.desk.busy import arrived, busy, open_desk
from tests.desk.road import Writes
from tests.factories.desk import photo_said, said
from tests.factories.pictures import picture
from tests.support.browser_kit import WIDE, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep

__all__ = ["busy"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def long(write: Writes, anna: Identity, olga: Person, update: Update) -> Conversation:
    """Anna wrote last week; today she sent photos and one of each kind, was answered, and wrote twelve lines more."""
    week = timezone.now() - timedelta(days=7)
    write(said(anna, "La seconda rata della TARI quando scade?", sent_at=week))
    first = Conversation.objects.get()
    handling.close(first, by=olga)
    write(*(photo_said(anna) for _number in range(5)))
    for attachment in Attachment.objects.all():
        arrived(attachment)
    card = Card("محمد المثال", (Field("+39 055 1", "phone", "WORK"), Field("https://www.example.it", "url")))
    write(
        said(anna, "", kind="contacts", content=Cards((card,))),
        said(anna, "", kind="form", content=Form((Field("Anna", label="nome_completo"),))),
        said(anna, "", kind="order", content=Ordered((Item("T-shirt", "2", "7.5", "EUR"),))),
        said(anna, "", kind="unsupported", content=Unknown("poll")),
        said(anna, "", kind="call"),
    )
    conversation: Conversation = Conversation.objects.get(state="open")
    replying.reply(conversation, by=olga, text="Li ho ricevuti.", key="k")
    write(*(said(anna, f"Riga numero {number}") for number in range(1, 13)))
    return conversation


@pytest.mark.parametrize("size", WIDTHS)
def test_it_opens_at_the_first_new_message(
    visit: Visiting, live_server: LiveServer, olga: Person, long: Conversation, size: Size
) -> None:
    page = open_desk(visit, live_server, olga, f"{long.pk}/", size)
    line = page.get_by_text("12 messaggi nuovi")
    expect(line).to_be_in_viewport()
    for shade in shades(page):
        keep(page, f"desk-new-{size[0]}-{shade}", full_page=False)
    page.evaluate("document.getElementById('thread').scrollTop = 1e6")
    expect(page.locator("#seen-form")).to_have_count(0)
    page.evaluate("htmx.trigger('#conversation', 'refresh')")
    page.wait_for_load_state("networkidle")
    expect(line).to_be_attached()  # read it is, and what was new is still to be seen
    page.evaluate("document.getElementById('thread').scrollTop = 0")
    expect(page.get_by_text("Questa conversazione")).to_be_attached()
    expect(page.get_by_text("La seconda rata della TARI")).to_be_in_viewport()
    for shade in shades(page):
        keep(page, f"desk-past-{size[0]}-{shade}", full_page=False)
        assert_good(page)
    page.locator(".desk-held").first.scroll_into_view_if_needed()
    for shade in shades(page):
        keep(page, f"desk-kinds-{size[0]}-{shade}", full_page=False)
    page.reload()
    expect(page.get_by_text("messaggi nuovi")).to_have_count(0)


@pytest.mark.parametrize("size", WIDTHS)
def test_photos_are_looked_at_one_after_the_other(
    visit: Visiting, live_server: LiveServer, olga: Person, long: Conversation, size: Size
) -> None:
    page = open_desk(visit, live_server, olga, f"{long.pk}/", size)
    second = page.get_by_role("link", name="Foto 2 di 5: apri")
    second.click()
    viewer = page.get_by_role("dialog", name="Foto 2 di 5")
    expect(viewer).to_be_visible()
    expect(page.locator("#viewer img")).to_have_js_property("naturalWidth", 900)  # whole, not its thumbnail
    keep(page, f"desk-viewer-{size[0]}", full_page=False)
    assert_good(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-place")).to_have_text("Foto 3 di 5")
    page.keyboard.press("End")
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-place")).to_have_text("Foto 5 di 5")
    with page.expect_download() as download:
        page.get_by_role("link", name="Scarica").click()
    assert download.value.suggested_filename.startswith("foto-")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(page.get_by_role("link", name="Foto 5 di 5: apri")).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}/console/sportello/{long.pk}/")


@pytest.mark.parametrize("size", WIDTHS)
def test_files_are_refused_before_they_are_sent(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, size: Size
) -> None:
    page = open_desk(visit, live_server, olga, f"{busy.pk}/", size)
    before = Message.objects.count()
    page.set_input_files(
        "#composer-files",
        [
            {"name": "a.png", "mimeType": "image/png", "buffer": picture(form="PNG")},
            {"name": "finta.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"},
        ],
    )
    wrong = page.locator("#uploads li", has_text="finta.jpg")
    problem = wrong.locator(".desk-file-problem")
    expect(problem).to_contain_text("non è un’immagine, anche se il nome lo dice")
    expect(page.locator("#live-region")).to_contain_text("finta.jpg")
    page.errors.clear()  # type: ignore[attr-defined]  # the browser reports the 422
    keep(page, f"desk-files-{size[0]}", full_page=False)
    assert_good(page)
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert Message.objects.count() == before
    wrong.get_by_role("button", name="Togli il file").click()
    expect(problem).to_have_count(0)
    expect(page.locator("#uploads .desk-upload-state")).to_contain_text("pronto")
    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator("#uploads")).to_be_hidden()
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert Message.objects.count() == before + 1


def test_a_stopped_number_is_said_where_one_works(
    visit: Visiting, live_server: LiveServer, olga: Person, busy: Conversation, sender: Sender
) -> None:
    Sender.objects.update(state="stopped", stop_reason="Il token è scaduto")
    for size in (WIDE, (360, 740)):
        page = open_desk(visit, live_server, olga, f"{busy.pk}/", size)
        expect(page.locator(f"[data-banner='stopped-{sender.pk}']")).to_be_visible()
        expect(page.get_by_label("Risposta al cittadino")).to_be_in_viewport(ratio=1)
        keep(page, f"desk-stopped-{size[0]}", full_page=False)
        assert_good(page)
