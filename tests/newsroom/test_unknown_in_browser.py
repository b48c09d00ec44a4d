# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending the unknown again, as an editor's browser sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from arengo.delivery.models import Delivery, Doubt, Outbox
from arengo.newsroom.models import Update
from tests.factories.delivery import lose
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, shades
from tests.support.in_browser import good, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unknown(out: Update) -> Update:
    lose(Delivery.objects.all())
    first = Delivery.objects.earliest("pk")
    Doubt.objects.filter(pk=first.pk).update(neighbours=312, weigh_at=None)
    return out


@pytest.mark.parametrize("size", WIDTHS)
def test_the_evidence_is_seen_before_the_press_and_only_what_did_not_go_goes(
    unknown: Update, open_newsroom: Callable[..., Page], size: Size
) -> None:
    page = open_newsroom(f"{unknown.pk}/", size)
    for shade in shades(page):
        good(page)
        keep(page, f"outcome-unknown-{size[0]}-{shade}")
    page.get_by_role("link", name="Vedi gli indizi e invia di nuovo").click()
    expect(page.get_by_role("radio", name="Solo 1: non è partito, con ogni probabilità")).to_be_checked()
    for shade in shades(page):
        good(page)
        keep(page, f"unknown-{size[0]}-{shade}")
    page.get_by_role("button", name="Invia di nuovo").click()
    expect(page.get_by_text("1 messaggio riparte.")).to_be_visible()
    assert Outbox.objects.count() == 1


def test_at_twice_the_size_of_letters_nothing_is_cut_off(
    unknown: Update, open_newsroom: Callable[..., Page]
) -> None:
    width, height = WIDE
    page = open_newsroom(f"{unknown.pk}/sconosciuti/", (width // 2, height // 2))  # what 200 % leaves
    good(page)
    keep(page, "unknown-200")


def test_without_evidence_nothing_is_chosen_for_the_editor(
    unknown: Update, open_newsroom: Callable[..., Page]
) -> None:
    Doubt.objects.update(neighbours=None)
    page = open_newsroom(f"{unknown.pk}/sconosciuti/", NARROW)
    all_of_them = page.get_by_role("radio", name="Tutti e 3 dall'esito sconosciuto")
    expect(all_of_them).not_to_be_checked()
    keep(page, "unknown-no-evidence-360")
    all_of_them.check()
    page.get_by_role("button", name="Invia di nuovo").click()
    expect(page.get_by_text("3 messaggi ripartono.")).to_be_visible()
