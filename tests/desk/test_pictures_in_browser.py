# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures on the operator's screen: what is told before one is sent, and of one that has no thumbnail."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Attachment, Conversation, Message
from tests.core.hostile_pictures import flat_png, saved
from tests.desk.road import Writes
from tests.factories.desk import photo_said
from tests.support.browser_kit import WIDTHS, Size, Visiting, assert_good
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", WIDTHS)
def test_a_picture_that_cannot_be_seen_says_so_and_one_that_cannot_go_stays_in_the_composer(
    size: Size, visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    write(photo_said(anna, "Ecco la piantina"))
    arrived = Attachment.objects.get()
    arrived.size, arrived.mime_type = 1, "image/png"
    arrived.file.save("", ContentFile(flat_png(8940)), save=False)
    arrived.make_thumbnail()
    arrived.state = Attachment.State.READY
    arrived.save()
    conversation = Conversation.objects.get(identity=anna)
    page = visit(f"{live_server.url}/console/sportello/{conversation.pk}/", sign_in=olga, size=size)
    thread = page.locator("#messages")
    expect(thread).to_contain_text("Anteprima non disponibile. L’immagine ha troppi punti (8.940 × 8.940).")
    expect(thread.get_by_role("link", name="scarica")).to_be_visible()

    page.get_by_label("Risposta al cittadino").fill("Il modulo")
    long = saved(Image.new("L", (200, 8000)), "PNG")
    page.locator("#composer-files").set_input_files(
        {"name": "schermata.png", "mimeType": "image/png", "buffer": long}
    )
    page.get_by_role("button", name="Invia").click()
    expect(page.locator("#conversation")).to_contain_text("«schermata.png» non è partito.")
    expect(page.locator("#conversation")).to_contain_text("troppo lunga e stretta (200 × 8.000)")
    expect(page.locator("#uploads")).to_contain_text("schermata.png")
    expect(page.get_by_label("Risposta al cittadino")).to_have_value("Il modulo")
    assert not Message.objects.filter(direction="out").exists()
    keep(page, f"pictures-{size[0]}", full_page=False)
    page.emulate_media(color_scheme="dark")
    keep(page, f"pictures-{size[0]}-dark", full_page=False)
    page.errors.clear()  # type: ignore[attr-defined]  # Chromium reports the 422 of a refused form
    assert_good(page)
