# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The counters of an update that is going out, while signals come faster than answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.delivery.models import Fanout
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from tests.support.browser_kit import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_signal_that_comes_during_an_answer_is_not_lost(
    visit: Visiting, live_server: LiveServer, town: Organization, write: Callable[..., Update], edo: Person
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    page = visit(f"{live_server.url}/console/redazione/{update.pk}/", sign_in=edo)
    held: list[Route] = []
    page.route("**/andamento/**", lambda route: route.continue_() if held else held.append(route))
    signal = f"htmx.trigger(document.querySelector('[hx-trigger^=\"sse:update\"]'), 'sse:update:{update.pk}')"
    page.evaluate(signal)
    while not held:  # the test's own limit of time ends it
        page.wait_for_timeout(20)
    answer = held[0].fetch()  # what was true a moment ago
    Fanout.objects.update(n_accepted=2, n_delivered=2)
    page.evaluate(signal)
    held[0].fulfill(response=answer)
    expect(page.locator("[data-counter=delivered]")).to_have_text("2")
