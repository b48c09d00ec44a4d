# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing while something is still on its way: on a slow line nothing is lost, nothing is sent twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk.models import Conversation, Message
from tests.desk.road import Writes
from tests.factories.desk import said
from tests.factories.pictures import picture
from tests.support.browser_kit import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(visit: Visiting, live_server: LiveServer, olga: Person, write: Writes, anna: Identity) -> Page:
    write(said(anna, "Buongiorno, a che ora apre l'anagrafe?"))
    conversation = Conversation.objects.get(identity=anna)
    return visit(f"{live_server.url}/console/sportello/{conversation.pk}/", sign_in=olga)


def slow(page: Page) -> list[Route]:
    """Answers go out and wait until the test lets them through."""
    held: list[Route] = []
    page.route("**/rispondi/**", lambda route: held.append(route))
    return held


def choose(page: Page, name: str) -> None:
    page.locator("#composer-files").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": picture()}
    )


def own(page: Page) -> list[str]:
    return page.locator(".desk-message.desk-out:not(.desk-pending) .desk-text").all_inner_texts()


def test_what_is_written_and_chosen_meanwhile_stays_in_the_composer(page: Page) -> None:
    held = slow(page)
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Prima risposta")
    box.press("Enter")
    expect(page.locator(".desk-pending")).to_have_count(1)
    box.fill("Seconda, non ancora finita")
    choose(page, "piantina.png")
    held[0].continue_()
    expect(page.locator(".desk-pending")).to_have_count(0)
    expect(box).to_have_value("Seconda, non ancora finita")
    expect(page.locator("#uploads")).to_contain_text("piantina")
    assert own(page) == ["Prima risposta"]


def test_who_presses_enter_again_is_obeyed_in_order(page: Page) -> None:
    held = slow(page)
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Uno")
    box.press("Enter")
    expect(page.locator(".desk-pending")).to_have_count(1)
    box.fill("Due")
    box.press("Enter")
    expect(box).to_have_value("Due")
    assert len(held) == 1
    held[0].continue_()
    while len(held) < 2:  # the test's own limit of time ends it
        page.wait_for_timeout(20)
    held[1].continue_()
    expect(page.locator(".desk-pending")).to_have_count(0)
    assert own(page) == ["Uno", "Due"]
    assert Message.objects.filter(direction="out").count() == 2


def test_what_did_not_go_comes_back_before_what_was_written_since(page: Page) -> None:
    held = slow(page)
    box = page.get_by_label("Risposta al cittadino")
    box.fill("Con la piantina")
    choose(page, "piantina.png")
    expect(page.locator("#uploads")).to_contain_text("pronto")
    box.press("Enter")
    expect(page.locator(".desk-pending")).to_have_count(1)
    box.fill("e il modulo")
    held[0].abort()
    expect(box).to_have_value("Con la piantina\ne il modulo")
    expect(page.locator("#uploads")).to_contain_text("piantina")
    expect(page.locator("#composer-trouble")).to_be_visible()
    assert Message.objects.filter(direction="out").count() == 0


def test_a_text_over_the_limit_is_counted_refused_with_by_how_much_and_stays(page: Page) -> None:
    box, count = page.get_by_label("Risposta al cittadino"), page.locator("#composer-count")
    box.fill("😀" * 1700)
    expect(count).to_be_hidden()
    box.fill("😀" * 2049)
    expect(count).to_have_text("4.098 / 4.096")
    box.press("Enter")
    expect(page.locator("#refused")).to_have_text("4.098 caratteri: il massimo è 4.096, 2 di troppo.")
    expect(box).to_have_value("😀" * 2049)
    assert own(page) == []
