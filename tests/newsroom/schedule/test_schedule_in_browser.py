# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An editor plans an update, sees it in the calendar, takes it off; the plan and the quiet hours are set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.newsroom.models import Update
from arengo.newsroom.schedule import rhythm
from arengo.newsroom.schedule.clock import Times
from arengo.newsroom.schedule.models import MIDNIGHT, Appointment
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting
from tests.support.in_browser import good, illustrate, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Write = Callable[..., Update]
Open = Callable[..., Page]
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def wednesday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Wednesday, 2 December 2026, for what the pages say of now."""
    now = datetime(2026, 12, 2, 9, 30, tzinfo=ROME)
    for module in ("asking", "calendar"):
        monkeypatch.setattr(f"arengo.newsroom.schedule.{module}.timezone", SimpleNamespace(now=lambda: now))
    return now


@pytest.fixture
def week(town: Organization, write: Write, edo: Person, alice: Person, wednesday: datetime) -> None:
    """One left on Tuesday, one leaves on Thursday, Friday's place is empty; one was changed after it was planned."""
    rhythm.change(town, Times(weekdays=[1, 4], at=11 * 60), by=alice)
    left = write(title="Mercato, strade, biblioteca, scuola")
    Update.objects.filter(pk=left.pk).update(
        state=Update.State.PUBLISHED, sent_by=edo, sent_at=datetime(2026, 12, 1, 11, tzinfo=ROME)
    )
    for title, day, version in (
        ("Sagra d’autunno, il programma delle tre giornate e come arrivare in autobus", 3, 1),
        ("مواعيد مكتب السجل المدني", 5, 7),
    ):
        at = datetime(2026, 12, day, 18, tzinfo=ROME)
        Appointment.objects.create(
            organization=town,
            update=write(title=title),
            at=at,
            version=version,
            by=edo,
            planned_at=at - timedelta(days=9),
        )


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("size", WIDTHS)
def test_the_week_is_read_at_a_glance_and_the_month_is_a_press_away(open_newsroom: Open, size: Size) -> None:
    page = open_newsroom("", size)
    expect(page.get_by_text("Il piano prevede un aggiornamento dopodomani")).to_have_count(0)
    expect(page.get_by_text("venerdì 4 dicembre, alle 11:00, e non c’è ancora.")).to_be_visible()
    expect(page.get_by_text("Manca un aggiornamento")).to_be_visible()
    expect(page.get_by_text("testo cambiato: non parte")).to_be_visible()
    good(page)
    keep(page, f"newsroom-week-{size[0]}")
    if size == WIDE:
        illustrate(page, "redazione-calendario")
    page.get_by_role("link", name="Vedi il mese").click()
    expect(page.get_by_role("heading", name="dicembre 2026")).to_be_visible()
    good(page)
    keep(page, f"newsroom-month-{size[0]}")
    page.get_by_role("link", name="Mese prima").click()
    expect(page.get_by_role("heading", name="novembre 2026")).to_be_visible()
    page.get_by_role("link", name="Vedi la settimana").click()
    page.get_by_role("link", name="Oggi").click()
    expect(page.get_by_role("heading", name="30 novembre – 6 dicembre")).to_be_visible()


@pytest.mark.parametrize("size", WIDTHS)
def test_a_draft_is_planned_by_keyboard_and_taken_off_again(
    town: Organization, write: Write, alice: Person, open_newsroom: Open, size: Size
) -> None:
    rhythm.change(town, Times(quiet_from=0, quiet_until=0, weekdays=range(7), at=23 * 60 + 59), by=alice)
    update = write()
    page = open_newsroom(f"{update.pk}/invio/", size)
    page.get_by_text("Programma per un altro momento").press("Enter")
    page.get_by_text("il primo posto libero del piano").wait_for()
    good(page)
    keep(page, f"newsroom-plan-{size[0]}")
    page.get_by_role("button", name="Programma").press("Enter")
    page.get_by_text("Programmato: parte").wait_for()
    assert Appointment.objects.get().is_planned
    page.get_by_role("link", name="Gli appuntamenti della settimana").last.click()
    good(page)
    keep(page, f"newsroom-planned-{size[0]}")
    page.get_by_role("button", name="Togli dagli invii programmati").press("Enter")
    page.get_by_text("Non è più programmato: resta fra le bozze.").wait_for()
    assert Appointment.objects.get().state == Appointment.State.OFF


def test_a_moment_that_cannot_be_keeps_what_was_typed(
    town: Organization, write: Write, open_newsroom: Open
) -> None:
    page = open_newsroom(f"{write().pk}/invio/", NARROW)
    if not page.get_by_label("Giorno").is_visible():
        page.get_by_text("Programma per un altro momento").click()
    page.get_by_label("Un altro momento").check()
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    page.get_by_label("Giorno").fill(day)
    page.get_by_label("Ora").fill("23:30")
    page.get_by_role("button", name="Programma").click()
    expect(page.get_by_role("alert")).to_contain_text("ore di silenzio")
    expect(page.get_by_label("Giorno")).to_have_value(day)
    expect(page.get_by_label("Ora")).to_have_value("23:30")
    page.errors.clear()  # type: ignore[attr-defined]  # the browser names each 422
    good(page)
    keep(page, "newsroom-plan-refused-360")
    page.get_by_label("Sì, anche se è nelle ore di silenzio").check()
    page.get_by_role("button", name="Programma").click()
    page.get_by_text("Programmato: parte").wait_for()


@pytest.mark.parametrize("size", WIDTHS)
def test_at_night_the_morning_comes_first(
    town: Organization, write: Write, alice: Person, open_newsroom: Open, size: Size
) -> None:
    now = timezone.now().astimezone(town.zone)
    minutes = now.hour * 60 + now.minute
    rhythm.change(town, Times((minutes - 60) % MIDNIGHT, (minutes + 120) % MIDNIGHT), by=alice)
    page = open_newsroom(f"{write().pk}/invio/", size)
    expect(page.get_by_role("heading", level=1)).to_contain_text("inviare adesso a 3 persone?")
    good(page)
    keep(page, f"newsroom-night-{size[0]}")
    page.get_by_role("button", name="Invia adesso, nelle ore di silenzio").click()
    page.wait_for_url("**/redazione/*/")
    assert not Update.objects.get().is_draft


@pytest.mark.parametrize("size", WIDTHS)
def test_plan_and_quiet_hours_are_set(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/impostazioni/invii/", size, sign_in=alice)
    page.get_by_label("martedì").check()
    page.get_by_label("venerdì").check()
    page.get_by_label("Silenzio dalle").fill("22:00")
    good(page)
    keep(page, f"newsroom-rhythm-{size[0]}")
    page.get_by_role("button", name="Salva").press("Enter")
    page.get_by_text("Salvato.").wait_for()
    assert rhythm.times() == Times(22 * 60, 8 * 60, (1, 4), 11 * 60)
