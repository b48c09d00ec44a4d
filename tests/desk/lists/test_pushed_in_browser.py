# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen does with the list that is pushed to it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.live_pushes import Viewer
from arengo.core.models import Person
from arengo.desk import handling
from arengo.desk.lists.pushing import pushed
from arengo.desk.models import Conversation
from tests.desk.busy import open_desk
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import said
from tests.support.browser_kit import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_TELL = """line => {
  const source = new EventTarget();
  document.dispatchEvent(new CustomEvent("htmx:sseOpen", { detail: { source } }));
  source.dispatchEvent(new MessageEvent("inbox-pushed", { data: line }));
}"""


def tell(page: Page, person: Person) -> None:
    """As the stream would: the list as it is now."""
    viewer = Viewer(person.pk, "", "it")
    page.evaluate(_TELL, pushed([viewer])[viewer])


def test_a_pushed_list_needs_no_question(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    conversation: Conversation,
    write: Writes,
    anna: Identity,
) -> None:
    page = open_desk(visit, live_server, olga)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/lista/" in request.url else None)
    write(said(anna, "Ci siete?"), said(citizen("Bruno Esempio"), "Eccomi"))
    tell(page, olga)
    expect(page.locator(f"#row-{conversation.pk}")).to_contain_text("Ci siete?")
    expect(page.locator("#rows .desk-item")).to_have_count(2)
    expect(page.locator("#tab-1 .desk-count")).to_have_text("2")
    assert page.title().startswith("(2) ")
    handling.take(conversation, by=olga)
    tell(page, olga)
    expect(page.locator(f"#row-{conversation.pk} .desk-row-who")).to_contain_text("te")
    expect(page.locator("#tab-2 .desk-count")).to_have_text("1")
    assert asked == []

    page.locator(f"#open-{conversation.pk}").click()
    expect(page.locator("#conversation")).to_be_visible()
    write(said(anna, "Ancora io"))
    asked.clear()
    tell(page, olga)
    expect(page.locator(f"#row-{conversation.pk}")).to_contain_text("Ancora io")
    expect(page.locator(f"#open-{conversation.pk}")).to_have_attribute("aria-current", "true")
    assert asked == []
    handling.close(conversation, by=olga)
    with page.expect_response("**/sportello/lista/**"):  # what became of the open one is asked
        tell(page, olga)
    expect(page.locator(f"#row-{conversation.pk} .desk-row-mark")).to_contain_text("chiusa")
