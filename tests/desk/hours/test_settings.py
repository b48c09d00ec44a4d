# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Orari: the week, closures, extra openings, seasons, holidays; who may, and what is wrong."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.core.models import AuditEntry, Organization, Person
from arengo.desk.hours.models import Closure, ExtraOpening, Interval, Season, Timetable
from arengo.desk.hours.reading import schedule_of
from arengo.desk.models import Desk
from tests.factories.hours import on, rome

Browse = Callable[..., Client]

MONDAY = {"0-0-opens": "09:00", "0-0-closes": "13:00"}


def page_of(desk: Desk) -> str:
    return reverse("settings:desk_hours", args=[desk.pk])


def text_of(client: Client, url: str) -> str:
    return html.unescape(client.get(url).content.decode())


def test_the_week_that_is_typed_is_kept_and_logged(urp: Desk, alice: Person, browse: Browse) -> None:
    typed = MONDAY | {"0-2-opens": "15:00", "0-2-closes": "00:00", "6-1-opens": "8", "6-1-closes": "8.30"}
    assert browse(alice).post(page_of(urp), typed).status_code == 302
    kept = Interval.objects.order_by("weekday", "opens").values_list("weekday", "opens", "closes")
    assert list(kept) == [(0, 540, 780), (0, 900, 1440), (6, 480, 510)]
    assert AuditEntry.objects.filter(verb="desk.changed_week", person=alice).count() == 1


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("13:00", "09:00", "Finisce prima di cominciare: scambiare le ore?"),
        ("09:00", "09:00", "Comincia e finisce alla stessa ora."),
        ("09:00", "", "Manca un’ora."),
        ("nove", "13:00", "Scrivi un’ora, per esempio 9:00."),
        ("25:00", "26:00", "Scrivi un’ora, per esempio 9:00."),
        ("12:00", "15:00", "Si sovrappone a 9:00–13:00."),
    ],
)
def test_what_is_wrong_stands_beside_the_interval_and_nothing_is_lost(
    opens: str, closes: str, words: str, urp: Desk, alice: Person, browse: Browse
) -> None:
    before = list(Interval.objects.values_list("pk", flat=True))
    answer = browse(alice).post(page_of(urp), MONDAY | {"0-1-opens": opens, "0-1-closes": closes})
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert words in shown
    assert shown.count(f'value="{opens}"') >= 1
    assert list(Interval.objects.values_list("pk", flat=True)) == before


def test_citizens_words_follow_what_is_typed_and_nothing_is_kept(
    urp: Desk, alice: Person, browse: Browse
) -> None:
    url = reverse("settings:hours_read_again", args=[urp.pk])
    typed = MONDAY | {"4-0-opens": "09:00", "4-0-closes": "12:30", "prova": "2026-12-08", "ora": "10:00"}
    shown = html.unescape(browse(alice).post(url, typed).content.decode())
    assert "Lunedì 9–13; venerdì 9–12:30." in shown
    assert "Immacolata" in shown
    assert "riapre venerdì 11 alle 9:00" in shown
    assert Interval.objects.filter(weekday=4, closes=750).count() == 0


def test_the_moment_tried_is_answered_by_the_engine(urp: Desk, alice: Person, browse: Browse) -> None:
    shown = text_of(browse(alice), f"{page_of(urp)}?prova=2026-12-01&ora=10:12")
    assert "fino alle 13:00" in shown
    assert "Riapre oggi alle 15:00" in shown
    assert "Scegli un giorno e un’ora." in text_of(browse(alice), f"{page_of(urp)}?prova=ieri&ora=99")


def test_a_season_has_its_own_week(urp: Desk, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    summer = {"name": "Estate", "first_day": "1", "first_month": "7", "last_day": "31", "last_month": "8"}
    made = client.post(reverse("settings:new_season", args=[urp.pk]), summer)
    season = Season.objects.get()
    assert made["Location"].endswith(f"?stagione={season.pk}")
    client.post(made["Location"], {"0-0-opens": "10:00", "0-0-closes": "11:00"})
    desk = schedule_of(urp.pk)
    assert desk.open_until(rome("2026-07-06 10:30")) == rome("2026-07-06 11:00")
    assert desk.is_open(rome("2026-06-30 10:30"))  # the year's own week stands
    assert "dal 1 luglio al 31 agosto: lunedì 10–11." in text_of(client, page_of(urp)).lower()
    overlapping = client.post(reverse("settings:new_season", args=[urp.pk]), summer | {"first_month": "8"})
    assert "Si sovrappone a «Estate»" in html.unescape(overlapping.content.decode())
    client.post(reverse("settings:season_remove", args=[season.pk]))
    assert not Season.objects.exists()
    assert Interval.objects.count() == 7


def test_a_season_that_no_year_has_is_refused(urp: Desk, alice: Person, browse: Browse) -> None:
    typed = {"name": "Mai", "first_day": "30", "first_month": "2", "last_day": "1", "last_month": "3"}
    answer = browse(alice).post(reverse("settings:new_season", args=[urp.pk]), typed)
    assert "Questo giorno non c’è tutti gli anni." in html.unescape(answer.content.decode())
    assert not Season.objects.exists()


def test_a_closure_is_kept_changed_and_taken_away_after_a_question(
    urp: Desk, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    typed = {"first_day": "2026-12-07", "last_day": "", "reason": "Ponte dell’Immacolata"}
    client.post(reverse("settings:new_closure", args=[urp.pk]), typed)
    closure = Closure.objects.get()
    assert (closure.last_day, closure.decided_by) == (on("2026-12-07"), alice)
    shown = text_of(client, f"{page_of(urp)}?giorno=2026-12-07")
    assert "lunedì 7 dicembre 2026" in shown
    assert "di solito 9–13" in shown
    address = reverse("settings:closure", args=[closure.pk])
    client.post(address, typed | {"first_day": "2026-12-06", "last_day": "2026-12-05"})
    assert Closure.objects.get().first_day == on("2026-12-07")
    client.post(address, typed | {"from_minute": "11:00", "until_minute": "00:00"})
    assert schedule_of(urp.pk).open_until(rome("2026-12-07 10:00")) == rome("2026-12-07 11:00")
    removal = reverse("settings:closure_remove", args=[closure.pk])
    assert "Togliere questa decisione?" in text_of(client, removal)
    assert Closure.objects.exists()
    client.post(removal)
    assert not Closure.objects.exists()


def test_an_extra_opening_opens_a_holiday(urp: Desk, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    url = reverse("settings:new_extra_opening", args=[urp.pk])
    assert 'value="2026-12-08"' in text_of(client, f"{url}?giorno=2026-12-08")
    client.post(url, {"day": "2026-12-08", "opens": "10:00", "closes": "12:00", "reason": "Sagra"})
    opening = ExtraOpening.objects.get()
    assert schedule_of(urp.pk).is_open(rome("2026-12-08 11:00"))
    backwards = {"day": "2026-12-08", "opens": "12:00", "closes": "10:00"}
    client.post(reverse("settings:extra_opening", args=[opening.pk]), backwards)
    assert ExtraOpening.objects.get().opens == 600
    client.post(reverse("settings:extra_opening_remove", args=[opening.pk]))
    assert not ExtraOpening.objects.exists()


def test_the_patrons_day_is_written(urp: Desk, alice: Person, browse: Browse) -> None:
    client, url = browse(alice), reverse("settings:desk_holidays", args=[urp.pk])
    client.post(url, {"patron_name": "San Ciriaco", "patron_day": "4", "patron_month": "5"})
    kept = Timetable.objects.get()
    assert (kept.national_holidays, kept.patron_month, kept.patron_day) == (False, 5, 4)
    assert "4 maggio, ogni anno" in text_of(client, page_of(urp))
    half = client.post(url, {"national": "on", "patron_day": "4"})
    assert "Servono giorno e mese." in html.unescape(half.content.decode())


def test_the_year_says_each_day_in_words(urp: Desk, alice: Person, browse: Browse) -> None:
    shown = text_of(browse(alice), f"{page_of(urp)}?anno=2027")
    assert "ottobre: chiuso, <bdi>Festa nazionale di San Francesco" in shown
    assert shown.count('class="hours-month"') == 12
    assert "Il 2100" in text_of(browse(alice), f"{page_of(urp)}?anno=9998")


def test_the_page_asks_few_questions(
    urp: Desk, alice: Person, browse: Browse, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = browse(alice)
    for number in range(5):
        day = timezone.localdate() + timedelta(days=number)
        Closure.objects.create(desk=urp, first_day=day, last_day=day, decided_by=alice)
    client.get(page_of(urp))
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        client.get(page_of(urp))


def test_an_organization_without_a_desk_makes_one_by_a_press(
    scope: Organization, alice: Person, browse: Browse
) -> None:
    client, url = browse(alice), reverse("settings:hours")
    assert "Scrivi gli orari" in text_of(client, url)
    assert not Desk.objects.exists()
    assert client.post(url)["Location"] == page_of(Desk.objects.get())


def test_an_operator_reads_no_settings_and_an_auditor_changes_none(
    urp: Desk, olga: Person, rita: Person, browse: Browse
) -> None:
    assert browse(olga).get(page_of(urp)).status_code == 403
    assert browse(rita).get(page_of(urp)).status_code == 200
    assert browse(rita).post(page_of(urp), MONDAY).status_code == 403
    assert Interval.objects.count() == 7


def test_carlo_of_another_organization_finds_nothing_of_ours(
    urp: Desk, carlo: Person, alice: Person, browse: Browse
) -> None:
    closure = Closure.objects.create(
        desk=urp, first_day=on("2026-12-07"), last_day=on("2026-12-07"), decided_by=alice
    )
    stranger = browse(carlo, "altrove.test")
    names = ("desk_hours", "desk_holidays", "new_closure", "new_extra_opening", "new_season")
    addresses = [reverse(f"settings:{name}", args=[urp.pk]) for name in names]
    addresses += [reverse(f"settings:{name}", args=[closure.pk]) for name in ("closure", "closure_remove")]
    assert {stranger.get(url).status_code for url in addresses} == {404}
