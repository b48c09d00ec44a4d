# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arabic names, messages and files in a real browser: what stands beside them keeps its order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent
from arengo.channel.board import publish_post
from arengo.channel.items import Item
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Attachment, Conversation
from arengo.platforms.contract import Address, IncomingMedia
from tests.factories.audience import message
from tests.support.browser_kit import WIDTHS, Size, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "محمد علي الحسن"

# Where each run of digits, or each word, of an element's text begins: from left to right as they are written, or not.
_PLACES = """([element, pattern]) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const places = [];
  while (walker.nextNode()) {
    for (const found of walker.currentNode.data.matchAll(new RegExp(pattern, "g"))) {
      const range = document.createRange();
      range.setStart(walker.currentNode, found.index);
      range.setEnd(walker.currentNode, found.index + found[0].length);
      const box = range.getClientRects()[0];
      places.push([found[0], Math.round(box.top), Math.round(box.left)]);
    }
  }
  return places;
}"""


def in_order(page: Page, selector: str, pattern: str) -> list[str]:
    """The runs as they are read on screen, line by line from the left."""
    element = page.locator(selector).first.element_handle()
    places: list[tuple[str, int, int]] = page.evaluate(_PLACES, [element, pattern])
    return [run for run, _top, _left in sorted(places, key=lambda place: (place[1] // 8, place[2]))]


def _keep(page: Page, name: str) -> None:
    if folder := os.environ.get("ARENGO_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]  # has one


@pytest.fixture
def town(esempio: Organization, sender: Sender, settings: object, tmp_path: Path) -> Organization:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django's
    create_defaults(esempio)
    file = IncomingMedia(media_id="1", mime_type="application/octet-stream", filename="فاتورة\u202efdp.exe")
    with organization_scope(esempio), transaction.atomic():
        anna = Address(phone="+393331234567")
        said = [
            message(anna, "ISCRIVIMI", name=NAME, sent_at=timezone.now()),
            message(anna, "مرحبا، متى يفتح المكتب (الطابق 2)؟", name=NAME, sent_at=timezone.now()),
            message(anna, "", kind="document", media=file, name=NAME, sent_at=timezone.now()),
        ]
        for each in said:
            arrivals.receive(Batch(esempio.pk, sender.pk, [each], "whatsapp"))
        Attachment.objects.update(state=Attachment.State.READY, file="x", size=1_234_567)
    return esempio


@pytest.mark.parametrize("size", WIDTHS)
def test_the_number_of_a_printed_proof_reads_as_it_is_dialled(
    visit: Visiting, live_server: LiveServer, town: Organization, edo: Person, size: Size
) -> None:
    with organization_scope(town):
        proof = reverse("audience:proof", args=[Consent.objects.get().pk])
    page = visit(f"{live_server.url}{proof}", size, sign_in=edo)
    assert in_order(page, f"dd:has-text('{NAME}')", r"\d+") == ["39", "333", "123", "4567"]
    assert_good(page)
    _keep(page, "proof")


@pytest.mark.parametrize("size", WIDTHS)
def test_a_conversation_keeps_numbers_and_extensions_where_they_belong(
    visit: Visiting, live_server: LiveServer, town: Organization, olga: Person, size: Size
) -> None:
    with organization_scope(town):
        conversation = Conversation.objects.order_by("pk").last()
        assert conversation is not None
    page = visit(f"{live_server.url}/console/sportello/{conversation.pk}/", size, sign_in=olga)
    assert in_order(page, ".desk-file", r"\.exe|MB")[0] == ".exe"
    stem, *_rest = in_order(page, ".desk-file", r"فاتورة\S*|\.exe")
    assert stem.startswith("فاتورة")
    assert page.locator(".desk-text").last.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert_good(page)
    _keep(page, "conversation")


@pytest.mark.parametrize("size", WIDTHS)
def test_an_arabic_post_keeps_the_page_in_its_order(
    visit: Visiting, live_server: LiveServer, town: Organization, size: Size
) -> None:
    with organization_scope(town):
        item = Item(
            "يفتح المكتب *يوم السبت* 2026، الطابق 2: https://x.example/a_(b)", "https://comune.example.it/"
        )
        post = publish_post(town, key="a", title="إعلان 2026 (مهم)", items=[item, Item("Orari: 9–12")])
    page = visit(f"{live_server.url}{post.get_absolute_url()}", size)
    texts = page.locator(".post-items p[dir=auto]")
    directions = texts.evaluate_all("all => all.map((each) => getComputedStyle(each).direction)")
    assert directions == ["rtl", "ltr"]
    assert_good(page)
    _keep(page, "post")
