# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening hours with a real browser: the week is written by keyboard, the year walked by arrows, a desk opened in an emergency."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Person
from arengo.desk.hours.models import Closure, EmergencyOpening, ExtraOpening, Interval
from arengo.desk.models import Desk
from tests.factories.hours import on
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def kept_picture(page: Page, name: str) -> None:
    """Where somebody wants to look at it."""
    if folder := os.environ.get("ARENGO_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_the_week_is_written_and_the_year_walked_without_a_mouse(
    visit: Visiting, live_server: LiveServer, alice: Person, urp: Desk
) -> None:
    Closure.objects.create(
        desk=urp, first_day=on("2026-12-07"), last_day=on("2026-12-07"), reason="Ponte", decided_by=alice
    )
    ExtraOpening.objects.create(
        desk=urp, day=on("2026-12-05"), opens=540, closes=720, reason="مهرجان", decided_by=alice
    )
    page = visit(
        f"{live_server.url}/console/impostazioni/orari/{urp.pk}/?anno=2026", (1440, 900), sign_in=alice
    )
    assert_good(page)
    kept_picture(page, "hours-1440")
    add = page.get_by_role("button", name="Aggiungi un intervallo a venerdì")
    add.focus()
    page.keyboard.press("Enter")
    second = page.locator("#i-4-1-opens")
    expect(second).to_be_focused()
    second.fill("17:00")
    page.locator("#i-4-1-closes").fill("15:00")
    expect(page.locator("#p-4-1")).to_contain_text("Finisce prima di cominciare")
    page.get_by_role("button", name="Scambia").press("Enter")
    expect(page.locator("#hours-sentence")).to_contain_text("martedì, giovedì e venerdì 9–13 e 15–17")
    expect(page.locator("#changed-4")).to_have_text("cambiato")
    expect(page.locator("#hours-changes")).to_contain_text("venerdì")
    page.locator("#trial-day").fill("2026-12-04")
    page.locator("#trial-clock").fill("16:00")
    page.locator("#trial-clock").press("Tab")
    expect(page.locator("#trial-answer")).to_contain_text("fino alle 17:00")
    kept_picture(page, "hours-changed-1440")
    page.get_by_role("button", name="Salva e pubblica").press("Enter")
    expect(page.get_by_text("Orari salvati e pubblicati.")).to_be_visible()
    assert Interval.objects.filter(weekday=4).count() == 2
    page.goto(f"{live_server.url}/console/impostazioni/orari/{urp.pk}/?giorno=2026-12-07#day")
    page.locator("[data-day='2026-12-07']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-day='2026-12-08']")).to_be_focused()
    page.keyboard.press("PageUp")
    expect(page.locator("[data-day='2026-11-08']")).to_be_focused()
    assert page.locator("[data-hours-months] [tabindex='0']").count() == 1


@pytest.mark.parametrize(("size", "dark"), [(WIDE, True), (NARROW, False)], ids=["1280 dark", "360"])
def test_the_pages_of_hours_are_good_everywhere(
    visit: Visiting, live_server: LiveServer, alice: Person, urp: Desk, size: tuple[int, int], dark: bool
) -> None:
    urp.name = "Ufficio relazioni con il pubblico e semplificazione"
    urp.save()
    Desk.objects.create(name="المكتبة", slug="biblioteca", order=1)
    base = f"{live_server.url}/console/impostazioni/orari/{urp.pk}/"
    for name in ("", "chiusura/", "apertura/", "stagione/", "feste/"):
        page = visit(base + name, size, sign_in=alice, dark=dark)
        assert_good(page)
        kept_picture(page, f"hours-{size[0]}-{name.strip('/')}")


def test_a_desk_is_opened_in_an_emergency_and_the_header_says_it(
    visit: Visiting, live_server: LiveServer, olga: Person, urp: Desk
) -> None:
    page = visit(f"{live_server.url}/console/sportello/", WIDE, sign_in=olga)
    page.locator(".desk-state-menu summary").press("Enter")
    kept_picture(page, "header-menu")
    assert_good(page)
    page.get_by_role("link", name="Apertura straordinaria…").press("Enter")
    page.get_by_label("Motivo").fill("Allerta arancione")
    expect(page.locator("[data-emergency-button]")).to_contain_text("Apri URP fino alle")
    assert_good(page)
    kept_picture(page, "emergency-1280")
    page.locator("[data-emergency-button]").press("Enter")
    expect(page.locator("#desk-state")).to_contain_text("Apertura straordinaria")
    kept_picture(page, "header-emergency")
    assert EmergencyOpening.objects.count() == 1
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/console/sportello/orari/apertura-straordinaria/")
    assert_good(page)
    kept_picture(page, "emergency-360")
