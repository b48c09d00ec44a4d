# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Apertura straordinaria, and what the console's header says."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.core.models import AuditEntry, LiveEvent, Organization, Person
from arengo.desk.hours import verbs
from arengo.desk.hours.models import Closure, EmergencyOpening, Interval
from arengo.desk.hours.reading import schedule_of
from arengo.desk.models import Desk
from tests.factories.hours import rome

Browse = Callable[..., Client]
EMERGENCY = "/console/sportello/orari/apertura-straordinaria/"
TABS = "/console/schede/"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    def stand(written: str) -> datetime:
        moment = rome(written)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return stand


def header(client: Client) -> str:
    shown = " ".join(html.unescape(client.get(TABS).content.decode()).split())
    return shown[shown.index('id="desk-state"') :]


def typed(urp: Desk, **changed: str) -> dict[str, str]:
    return {
        "desk": str(urp.pk),
        "reason": "Allerta arancione",
        "until": "other",
        "clock": "22:00",
        **changed,
    }


def test_an_operator_opens_the_desk_and_everybody_reads_it(
    urp: Desk, olga: Person, alice: Person, browse: Browse, at: Callable[[str], datetime]
) -> None:
    now = at("2026-12-01 17:48")
    assert browse(olga).post(EMERGENCY, typed(urp)).status_code == 302
    opening = EmergencyOpening.objects.get()
    assert (opening.until, opening.opened_by) == (rome("2026-12-01 22:00"), olga)
    assert schedule_of(urp.pk).open_until(now) == rome("2026-12-01 22:00")
    assert "Apertura straordinaria" in header(browse(alice))
    assert "fino alle 22:00" in header(browse(alice))
    assert LiveEvent.objects.filter(topic="hours").exists()
    assert AuditEntry.objects.filter(verb="desk.opened_in_emergency", person=olga).count() == 1


def test_it_ends_by_itself(urp: Desk, olga: Person, browse: Browse, at: Callable[[str], datetime]) -> None:
    at("2026-12-01 17:48")
    browse(olga).post(EMERGENCY, typed(urp))
    at("2026-12-01 22:00")
    assert "Sportello chiuso" in header(browse(olga))


def test_a_double_click_opens_once_and_another_hour_takes_its_place(
    urp: Desk, olga: Person, at: Callable[[str], datetime]
) -> None:
    now = at("2026-12-01 17:48")
    for _time in range(2):
        verbs.open_in_emergency(urp, reason="Frana", until=now + timedelta(hours=2), by=olga)
    assert EmergencyOpening.objects.count() == 1
    verbs.open_in_emergency(urp, reason="Frana", until=now + timedelta(hours=1), by=olga)
    assert schedule_of(urp.pk).open_until(now) == now + timedelta(hours=1)


def test_it_is_ended_after_a_question(
    urp: Desk, olga: Person, browse: Browse, at: Callable[[str], datetime]
) -> None:
    now = at("2026-12-01 17:48")
    opening = verbs.open_in_emergency(urp, reason="Frana", until=now + timedelta(hours=2), by=olga)
    url, client = reverse("hours:end_emergency", args=[opening.pk]), browse(olga)
    assert "Terminare l’apertura straordinaria?" in html.unescape(client.get(url).content.decode())
    assert schedule_of(urp.pk).is_open(now)
    client.post(url)
    client.post(url)  # a second press changes nothing
    assert not schedule_of(urp.pk).is_open(now)
    assert AuditEntry.objects.filter(verb="desk.ended_emergency").count() == 1


@pytest.mark.parametrize(
    "changed", [{"reason": ""}, {"clock": ""}, {"until": "2026-12-01T17:00+01:00"}, {"desk": "999"}]
)
def test_what_is_missing_is_asked_for_and_nothing_opens(
    changed: dict[str, str], urp: Desk, olga: Person, browse: Browse, at: Callable[[str], datetime]
) -> None:
    at("2026-12-01 17:48")
    assert browse(olga).post(EMERGENCY, typed(urp, **changed)).status_code == 422
    assert not EmergencyOpening.objects.exists()


def test_an_hour_that_is_over_is_tomorrows(
    urp: Desk, olga: Person, browse: Browse, at: Callable[[str], datetime]
) -> None:
    at("2026-12-01 23:00")
    browse(olga).post(EMERGENCY, typed(urp, clock="03:00"))
    assert EmergencyOpening.objects.get().until == rome("2026-12-02 03:00")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-12-01 10:12", ("Sportello aperto", "fino alle 13:00")),
        ("2026-12-01 13:30", ("Sportello chiuso", "riapre oggi alle 15:00")),
        ("2026-12-02 18:00", ("Sportello chiuso", "riapre domani alle 9:00")),
        ("2026-12-08 10:00", ("Immacolata", "riapre domani alle 9:00")),
        ("2026-12-04 14:00", ("Sportello chiuso", "riapre lunedì 7 alle 9:00")),
    ],
)
def test_the_header_says_until_when_or_when_again(
    moment: str,
    words: tuple[str, str],
    urp: Desk,
    olga: Person,
    browse: Browse,
    at: Callable[[str], datetime],
) -> None:
    at(moment)
    assert all(each in header(browse(olga)) for each in words)


def test_hours_that_nobody_wrote_are_no_error(urp: Desk, olga: Person, browse: Browse) -> None:
    Interval.objects.all().delete()
    assert "orari non ancora scritti" in header(browse(olga))


def test_of_several_desks_the_open_one_is_named(
    urp: Desk, alice: Person, browse: Browse, at: Callable[[str], datetime]
) -> None:
    now = at("2026-12-01 18:00")
    library = Desk.objects.create(name="Biblioteca", slug="biblioteca", order=1)
    verbs.open_in_emergency(library, reason="Festa", until=now + timedelta(hours=2), by=alice)
    shown = header(browse(alice))
    assert "Biblioteca:" in shown
    assert "URP" in shown


def test_an_administrator_closes_earlier_today(
    urp: Desk, alice: Person, browse: Browse, at: Callable[[str], datetime]
) -> None:
    at("2026-12-01 10:12")
    shown = header(browse(alice))
    assert f"/console/impostazioni/orari/{urp.pk}/chiusura/?giorno=2026-12-01&dalle=612" in shown
    url = reverse("settings:new_closure", args=[urp.pk])
    assert 'value="10:12"' in browse(alice).get(f"{url}?giorno=2026-12-01&dalle=612").content.decode()
    browse(alice).post(url, {"first_day": "2026-12-01", "from_minute": "10:12", "reason": "Assemblea"})
    assert Closure.objects.get().from_minute == 612
    assert "Assemblea" in header(browse(alice))


def test_an_editor_opens_no_desk_and_carlo_sees_none(
    urp: Desk, edo: Person, carlo: Person, browse: Browse, altrove: Organization
) -> None:
    assert browse(edo).get(EMERGENCY).status_code == 403
    assert "Apertura straordinaria…" not in header(browse(edo))
    opening = EmergencyOpening.objects.create(
        desk=urp,
        starts_at=timezone.now(),
        until=timezone.now() + timedelta(hours=1),
        reason="Allerta",
        opened_by=edo,
    )
    stranger = browse(carlo, "altrove.test")
    assert "desk-state" not in stranger.get(TABS).content.decode()
    assert stranger.post(reverse("hours:end_emergency", args=[opening.pk])).status_code == 404
