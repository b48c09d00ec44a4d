# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing for whom an update is, as an editor's browser shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from arengo.audience.models import Subscription, Topic
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from tests.support.browser_kit import WIDTHS, Size, shades
from tests.support.in_browser import good as is_good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def good(page: Page, name: str) -> None:
    """As every page, in the dark and in the light; pictures of it are kept."""
    for shade in shades(page):
        is_good(page)
        keep(page, f"{name}-{shade}")


@pytest.fixture
def roads(town: Organization) -> int:
    """Of three subscribers one wants events only; the topic's id."""
    with organization_scope(town):
        Subscription.objects.earliest("pk").topics.set([Topic.objects.get(name="Eventi")])
        return int(Topic.objects.get(name="Viabilità").pk)


@pytest.mark.parametrize("size", WIDTHS)
def test_choosing_a_topic_says_at_once_how_many_it_reaches(
    town: Organization, roads: int, open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom("nuovo/", size)
    reach = page.locator("#topic-reach")
    expect(reach).to_have_text("Lo ricevono 3 persone.")
    page.get_by_label("Titolo").fill("Lavori in via Roma")
    page.get_by_label("Viabilità").check()
    expect(reach).to_have_text("Lo ricevono 2 persone.")
    expect(page.locator("[data-topics]")).to_contain_text("Di 3 iscritti, 1 ha scelto altri temi")
    good(page, f"topics-editor-{size[0]}")
    page.get_by_label("Viabilità").uncheck()
    expect(reach).to_have_text("Lo ricevono 3 persone.")


@pytest.mark.parametrize("size", WIDTHS)
def test_the_question_before_sending_and_the_outcome_say_for_whom_it_is(
    town: Organization,
    roads: int,
    write: Callable[..., Update],
    edo: Person,
    open_newsroom: Callable[..., Page],
    size: Size,
) -> None:
    update = write(topics=(roads,))
    page = open_newsroom(f"{update.pk}/invio/", size)
    expect(page.locator("[data-topics]")).to_have_text(
        "Solo per il tema Viabilità. Di 3 iscritti, 1 ha scelto altri temi e non lo riceve."
    )
    good(page, f"topics-send-{size[0]}")
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    page = open_newsroom(f"{update.pk}/", size)
    expect(page.locator("[data-topics]")).to_have_text(
        "Solo per il tema Viabilità. 1 iscritto ha scelto altri temi: non gli è stato scritto."
    )
    good(page, f"topics-sent-{size[0]}")
