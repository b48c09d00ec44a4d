# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line that drops inside an upload, a press before all is up, and words that wait on the server: one operator's morning."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.uploads.models import Draft, Upload
from tests.desk.road import Writes
from tests.factories.desk import said
from tests.factories.pictures import picture
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good
from tests.support.in_browser import keep, sign_in, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n" + b"x" * (2 * 1024 * 1024)


@pytest.fixture
def address(live_server: LiveServer, write: Writes, anna: Identity) -> str:
    write(said(anna, "Buongiorno, a che ora apre l'anagrafe?"))
    return f"{live_server.url}/console/sportello/{Conversation.objects.get(identity=anna).pk}/"


def test_files_survive_a_drop_of_the_line_and_leave_by_themselves(
    visit: Visiting, address: str, olga: Person
) -> None:
    page = visit(address, sign_in=olga)
    held: list[Route] = []

    def line(route: Route) -> None:
        if "da=1048576" in route.request.url and not held:
            held.append(route)
            route.abort()  # once, in the middle
        else:
            route.continue_()

    page.route("**/caricamenti/**", line)
    files = page.locator("#uploads > li")
    chosen: list[FilePayload] = [
        {"name": "regolamento.pdf", "mimeType": "application/pdf", "buffer": PDF},
        {"name": "foto.png", "mimeType": "image/png", "buffer": picture(form="PNG")},
        {"name": "foto_piazza.jpg", "mimeType": "image/jpeg", "buffer": b"PK\x03\x04 an archive"},
    ]
    page.locator("#composer-files").set_input_files(chosen)
    expect(files.nth(0)).to_contain_text("La linea è caduta")
    expect(files.nth(1)).to_contain_text("pronto")
    expect(files.nth(2)).to_contain_text("non è un’immagine")
    keep(page, "composer-files-1280")
    files.nth(1).get_by_label("Testo sotto il file").fill("Qui manca la firma")
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Ecco il regolamento")
    page.locator("#send").click()  # what cannot be sent is named: nothing goes until it is taken off
    expect(box).to_have_value("Ecco il regolamento")
    files.nth(2).get_by_role("button").click()
    expect(files.nth(0)).to_contain_text("pronto", timeout=15_000)
    page.errors.clear()  # type: ignore[attr-defined]  # the refusal and the cut line, as they should be
    assert_good(page)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert_good(page)
    keep(page, "composer-files-360")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    box.press("Enter")
    expect(page.locator(".desk-out .desk-photo img")).to_be_visible()
    expect(files).to_have_count(0)
    assert [each.text for each in Message.objects.filter(direction="out").order_by("pk")] == [
        "Ecco il regolamento",
        "",
        "Qui manca la firma",
    ]
    assert Attachment.objects.get(message__kind="document").size == len(PDF)
    assert not Upload.objects.exists()


def test_a_press_before_all_is_up_waits_and_blocks_nothing(
    visit: Visiting, address: str, olga: Person
) -> None:
    page = visit(address, sign_in=olga)
    held: list[Route] = []
    page.route("**/caricamenti/**", lambda route: held.append(route))
    page.locator("#composer-files").set_input_files(
        {"name": "regolamento.pdf", "mimeType": "application/pdf", "buffer": PDF[: 1024 * 512]}
    )
    expect(page.locator("#send")).to_contain_text("Invia 1 quando pronti")
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Ecco il regolamento")
    box.select_text()
    box.press("Control+b")
    expect(box).to_have_value("*Ecco il regolamento*")
    expect(page.locator("#formatted strong")).to_have_text("Ecco il regolamento")
    box.press("Enter")
    expect(page.locator("#queued")).to_contain_text("Parte quando i file sono pronti")
    expect(box).to_have_value("")
    box.fill("Intanto scrivo altro")
    while not held:  # the test's own limit of time ends it
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".desk-out .desk-text")).to_have_text("Ecco il regolamento")
    expect(page.locator("#queued")).to_be_hidden()
    expect(box).to_have_value("Intanto scrivo altro")
    assert Message.objects.get(direction="out").kind == "document"


def test_words_wait_on_the_server_after_a_sign_out(visit: Visiting, address: str, olga: Person) -> None:
    page: Page = visit(address.partition("/console/")[0] + "/console/accesso/login/")
    sign_in(page, olga, address)
    page.get_by_label("Risposta al cittadino").fill("Buongiorno, la pratica è")
    while not Draft.objects.filter(text="Buongiorno, la pratica è").exists():
        page.wait_for_timeout(50)
    sign_out(page)
    sign_in(page, olga, address)
    box = page.get_by_label("Risposta al cittadino")
    expect(box).to_have_value("Buongiorno, la pratica è")
    box.press("End")
    box.type(" pronta")
    box.press("Enter")
    expect(page.locator(".desk-out:not(.desk-pending) .desk-text")).to_have_text(
        "Buongiorno, la pratica è pronta"
    )
    page.reload()
    expect(page.get_by_label("Risposta al cittadino")).to_have_value("")
    assert not Draft.objects.exists()
