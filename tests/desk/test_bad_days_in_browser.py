# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days on which things go wrong at the desk: names without end, photos of telephones, a role that is taken away."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Locator, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core import clean_text
from arengo.core.models import Membership, Person, Role
from arengo.desk.models import Attachment, Conversation, Message
from tests.core.hostile_pictures import saved
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import photo_said, said
from tests.support.browser_kit import WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = ("محمد عبد الرحمن " * 30)[:300]

# Where the first letter of a name is drawn, and the box that cuts it.
FIRST_LETTER = """element => {
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = text.nextNode();
  while (!node.data.trim()) node = text.nextNode();
  const start = node.data.search(/\\S/);
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, start + 1);
  const letter = range.getBoundingClientRect(), box = element.getBoundingClientRect();
  return letter.width > 0 && letter.left >= box.left - 1 && letter.right <= box.right + 1
    && box.right <= window.innerWidth + 1;
}"""


def begins_visibly(name: Locator) -> bool:
    return bool(name.evaluate(FIRST_LETTER))


@pytest.mark.parametrize("size", WIDTHS)
def test_a_name_of_300_letters_from_right_to_left_is_read_from_its_beginning(
    size: Size, visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    one = citizen(clean_text.name(NAME, most=200))  # as it is kept
    photo = photo_said(one)
    write(photo, said(one, "Questa è la buca", reply_to=photo.message.message_id))
    conversation = Conversation.objects.get(identity=one)
    page = visit(f"{live_server.url}/console/sportello/", size, sign_in=olga)
    row = page.locator(f"#name-{conversation.pk}")
    expect(row).to_be_visible()
    assert begins_visibly(row)
    assert_good(page)
    page.locator(f"#open-{conversation.pk}").click()
    title = page.locator("#conversation-title")
    expect(title).to_be_visible()
    assert begins_visibly(title)
    assert begins_visibly(page.locator(".desk-quoted strong"))
    for shade in shades(page):
        assert_good(page)
        keep(page, f"bad-days-name-{size[0]}-{shade}", full_page=False)


def test_a_photo_of_an_iphone_is_seen_in_the_thread_and_in_a_quote(
    visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    write(photo_said(anna))
    arrived = Attachment.objects.get()
    heic = saved(Image.new("RGB", (900, 600), "navy"), "HEIF")
    arrived.size, arrived.mime_type = len(heic), "application/octet-stream"
    arrived.file.save("", ContentFile(heic), save=False)
    arrived.make_thumbnail()
    arrived.state = Attachment.State.READY
    arrived.save()
    conversation = Conversation.objects.get(identity=anna)
    page = visit(f"{live_server.url}/console/sportello/{conversation.pk}/", sign_in=olga)
    shown = page.locator(".desk-photo img")
    expect(shown).to_be_visible()
    page.wait_for_function("image => image.naturalWidth === 480", arg=shown.element_handle())
    page.locator(f"#m-{arrived.message_id}").hover()
    page.get_by_role("link", name="Cita").click()
    quoted = page.locator("#quote-photo")
    page.wait_for_function("image => image.naturalWidth === 480", arg=quoted.element_handle())
    expect(page.locator("#quote-text")).to_have_text("Foto")
    keep(page, "bad-days-quote", full_page=False)
    page.get_by_role("link", name="Non citare").click()
    expect(quoted).to_be_hidden()


def test_an_operator_who_becomes_an_auditor_in_mid_sentence_keeps_the_words(
    visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    write(said(anna, "A che ora apre l'anagrafe?"))
    conversation = Conversation.objects.get(identity=anna)
    page = visit(f"{live_server.url}/console/sportello/{conversation.pk}/", sign_in=olga)
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Buongiorno, l'anagrafe apre alle")
    Membership.objects.filter(person=olga).update(roles=[Role.AUDITOR])
    box.press("Enter")
    expect(page.locator("#composer-trouble")).to_contain_text("ora non ti è consentito")
    expect(box).to_have_value("Buongiorno, l'anagrafe apre alle")
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert not Message.objects.filter(direction="out").exists()
    page.reload()
    expect(page.get_by_label("Il tuo testo, non inviato")).to_have_value("Buongiorno, l'anagrafe apre alle")
    expect(page.get_by_role("button", name="Invia", exact=True)).to_have_count(0)
    page.errors.clear()  # type: ignore[attr-defined]  # Chromium reports the refusal
    assert_good(page)


def test_somebody_who_left_the_organization_in_mid_sentence_is_told_and_keeps_the_words(
    visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity
) -> None:
    write(said(anna, "A che ora apre l'anagrafe?"))
    conversation = Conversation.objects.get(identity=anna)
    page = visit(f"{live_server.url}/console/sportello/{conversation.pk}/", sign_in=olga)
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Buongiorno, l'anagrafe apre alle")
    Membership.objects.filter(person=olga).delete()
    box.press("Enter")
    expect(page.locator("#composer-trouble")).to_contain_text("Non inviato")
    expect(box).to_have_value("Buongiorno, l'anagrafe apre alle")
    assert not Message.objects.filter(direction="out").exists()
