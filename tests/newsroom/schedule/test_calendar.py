# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The week and the month of the newsroom: what left, what is to leave, where the plan has nothing yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from arengo.core.models import Organization, Person
from arengo.newsroom import writing
from arengo.newsroom.models import Update
from arengo.newsroom.schedule import rhythm
from arengo.newsroom.schedule.clock import Times
from arengo.newsroom.schedule.models import Appointment
from tests.factories.newsroom import draft

Browse = Callable[..., Client]
Write = Callable[..., Update]
ROME = ZoneInfo("Europe/Rome")
WEDNESDAY = datetime(2026, 12, 2, 9, 30, tzinfo=ROME)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Wednesday, 2 December 2026, half past nine."""
    monkeypatch.setattr("arengo.newsroom.schedule.calendar.timezone", SimpleNamespace(now=lambda: WEDNESDAY))


@pytest.fixture
def plan(town: Organization, alice: Person) -> None:
    """Two a week, Tuesdays and Fridays at eleven."""
    rhythm.change(town, Times(weekdays=[1, 4], at=11 * 60), by=alice)


def appointment(town: Organization, update: Update, edo: Person, at: datetime) -> Appointment:
    return Appointment.objects.create(
        organization=town,
        update=update,
        at=at,
        version=update.version,
        by=edo,
        planned_at=at - timedelta(days=9),
    )


def left(update: Update, at: datetime) -> None:
    Update.objects.filter(pk=update.pk).update(sent_at=at, state=Update.State.PUBLISHED)


def words(page: str) -> str:
    """What stands between the tags of the calendar."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.split('class="plan"')[-1].split("</section>")[0]).split())


@pytest.mark.usefixtures("plan")
def test_the_week_shows_what_left_what_is_to_leave_and_what_the_plan_lacks(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    left(write(title="Mercato"), datetime(2026, 12, 1, 10, 59, tzinfo=ROME))
    appointment(town, write(title="Sagra"), edo, datetime(2026, 12, 3, 18, tzinfo=ROME))
    page = browse(edo).get(reverse("newsroom:updates")).text
    told = words(page)
    assert "30 novembre – 6 dicembre piano: 1 su 2" in told
    assert "Mar 1 10:59 · Notizia Mercato" in told
    assert "Gio 3 18:00 · Notizia Sagra programmato" in told
    assert "Ven 4 11:00, previsto Manca un aggiornamento" in told
    assert "Il piano prevede un aggiornamento" in page
    assert "venerdì 4 dicembre, alle 11:00" in page


@pytest.mark.usefixtures("plan")
def test_a_planned_update_fills_the_plan_and_one_that_was_changed_does_not(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="Sagra")
    appointment(town, update, edo, datetime(2026, 12, 4, 11, tzinfo=ROME))
    page = browse(edo).get(reverse("newsroom:updates")).text
    assert "previsto" not in words(page)
    assert "Il piano prevede" not in page
    writing.save(update.pk, draft(title="Sagra rinviata"), version=update.version, by=edo)
    page = browse(edo).get(reverse("newsroom:updates")).text
    assert "testo cambiato: non parte" in words(page)
    assert "11:00, previsto" in words(page)
    assert "Il piano prevede" in page


@pytest.mark.usefixtures("plan")
def test_other_weeks_and_months_are_a_link_away(write: Write, edo: Person, browse: Browse) -> None:
    left(write(title="Luminarie"), datetime(2026, 11, 17, 11, tzinfo=ROME))
    path = reverse("newsroom:updates")
    assert "Luminarie" not in words(browse(edo).get(path).text)
    assert "16–22 novembre" in words(browse(edo).get(f"{path}?giorno=2026-11-18").text)
    month = words(browse(edo).get(f"{path}?giorno=2026-11-18&vista=mese").text)
    assert "novembre 2026 piano: 1 su 8" in month  # not of the days before and after that fill up its weeks
    assert "Luminarie" in month
    assert "Lun 26 ott" in month
    assert "Dom 6 dic" in month


@pytest.mark.parametrize(
    "asked", ["giorno=domani", "giorno=9999-12-31", "giorno=0001-01-01", "giorno=2026-02-30", "vista=%00"]
)
def test_a_day_that_is_none_is_today(write: Write, edo: Person, browse: Browse, asked: str) -> None:
    write()
    page = browse(edo).get(f"{reverse('newsroom:updates')}?{asked}")
    assert page.status_code == 200
    assert "30 novembre – 6 dicembre" in words(page.text)


def test_without_a_plan_nothing_is_missing(write: Write, edo: Person, browse: Browse) -> None:
    write()
    page = browse(edo).get(reverse("newsroom:updates")).text
    assert "previsto" not in words(page)
    assert "piano:" not in words(page)
    assert "Il piano prevede" not in page


@pytest.mark.usefixtures("plan")
def test_a_month_over_the_change_of_the_clock_has_each_day_once(
    write: Write, edo: Person, browse: Browse
) -> None:
    write()
    page = words(browse(edo).get(f"{reverse('newsroom:updates')}?giorno=2027-03-28&vista=mese").text)
    assert page.count("Dom 28") == 1
    assert page.count("Lun 29") == 1
