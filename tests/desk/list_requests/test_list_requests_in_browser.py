# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two buttons above the answer: read, pressed with the keyboard, gone; on a wide screen and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity, Subscription
from arengo.core.models import Organization, Person
from arengo.desk.models import Conversation
from tests.desk.busy import open_desk
from tests.desk.road import Writes
from tests.factories.audience import list_settings
from tests.factories.desk import said
from tests.support.browser_kit import Visiting, shades
from tests.support.in_browser import good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_comes_near_to_a_command_is_counted_with_one_press(
    visit: Visiting,
    live_server: LiveServer,
    write: Writes,
    anna: Identity,
    scope: Organization,
    olga: Person,
    answer_by_itself: object,
) -> None:
    list_settings(scope)
    write(
        said(
            anna,
            "Buongiorno, mi potete dire se mi cancellate dalla lista? Ho cambiato città e mi arrivano tutti gli avvisi",
        )
    )
    page = open_desk(visit, live_server, olga, f"{Conversation.objects.get().pk}/")
    line = page.locator("#list-request")
    expect(line).to_contain_text("Forse chiede di non ricevere più gli avvisi della lista")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        for shade in shades(page):
            good(page)
            keep(page, f"list-request-{width}-{shade}", full_page=False)
    page.locator("#list-request-leave").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#live-region")).to_contain_text("Non riceve più gli avvisi della lista.")
    expect(line).to_have_count(0)
    expect(page.locator("#conversation-title")).to_be_focused()
    assert not Subscription.objects.filter(identity=anna, active=True).exists()
    good(page)
