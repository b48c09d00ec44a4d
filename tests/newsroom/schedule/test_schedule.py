# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft that is planned leaves at its moment, once, as it was; or not at all, and somebody is told."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Budget, MessageTemplate
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Update
from arengo.newsroom.review.models import ReviewRule
from arengo.newsroom.schedule import rhythm, telling, verbs
from arengo.newsroom.schedule.clock import Times
from arengo.newsroom.schedule.models import Appointment
from tests.factories.newsroom import draft, jobs_of, publish

Browse = Callable[..., Client]
Write = Callable[..., Update]
ROME = ZoneInfo("Europe/Rome")
RHYTHM = "/console/impostazioni/invii/"


def later(minutes: int = 60) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def due(update: Update, *, ago: timedelta = timedelta(seconds=5)) -> None:
    """Its moment has come."""
    at = timezone.now() - ago
    Appointment.objects.filter(update=update).update(at=at, planned_at=at - timedelta(minutes=1))


def planned(town: Organization, update: Update, edo: Person) -> Appointment:
    return verbs.plan(town, update.pk, later(), version=update.version, by=edo)


def at_noon(monkeypatch: pytest.MonkeyPatch, hour: int = 12) -> datetime:
    now = datetime(2026, 12, 1, hour, 39, tzinfo=ROME)
    monkeypatch.setattr("arengo.newsroom.schedule.asking.timezone", SimpleNamespace(now=lambda: now))
    return now


def test_it_leaves_once_at_its_moment(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    planned(town, update, edo)
    verbs.leave_due()
    assert Update.objects.get().is_draft  # not yet
    due(update)
    verbs.leave_due()
    verbs.leave_due()
    update.refresh_from_db()
    assert (update.state, update.sent_by) == (Update.State.SENDING, edo)
    assert Appointment.objects.get().state == Appointment.State.GONE
    assert jobs_of(update) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    planned(town, update, edo)
    due(update)

    def work() -> None:
        try:
            verbs.leave_due()
        finally:
            connection.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert jobs_of(update) == 1
    assert AuditEntry.objects.filter(verb="newsroom.published").count() == 1


def test_what_was_changed_after_it_was_planned_does_not_leave_and_who_planned_it_is_told(
    town: Organization, write: Write, edo: Person
) -> None:
    update = write()
    kept = planned(town, update, edo)
    writing.save(update.pk, draft(title="Un altro titolo"), version=update.version, by=edo)
    due(update)
    verbs.leave_due()
    kept.refresh_from_db()
    assert Update.objects.get().is_draft
    assert (kept.state, kept.problem) == (
        Appointment.State.LAPSED,
        "Il testo è cambiato dopo che era stato programmato.",
    )
    telling.lapsed(kept.pk)
    [sent] = mail.outbox
    assert sent.to == [edo.email]
    assert "Il testo è cambiato" in sent.body
    assert f"/console/redazione/{update.pk}/modifica/" in sent.body


def test_what_is_not_ready_any_more_does_not_leave(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    kept = planned(town, update, edo)
    MessageTemplate.objects.update(status="PAUSED")
    due(update)
    verbs.leave_due()
    kept.refresh_from_db()
    assert kept.state == Appointment.State.LAPSED
    assert kept.problem.startswith("Prima di partire: ")


def test_what_a_second_person_must_still_see_is_neither_planned_nor_sent(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    kept = planned(town, update, edo)
    ReviewRule.objects.create(organization=town, four_eyes=True)
    due(update)
    verbs.leave_due()
    kept.refresh_from_db()
    assert kept.state == Appointment.State.LAPSED
    assert "il sì di un'altra persona" in str(kept.problem)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    asked = {"version": update.version, "when": f"{day}T11:00"}
    answer = browse(edo).post(reverse("newsroom:plan", args=[update.pk]), asked, follow=True)
    assert "il sì di un" in answer.text
    assert Appointment.objects.get().state == Appointment.State.LAPSED


def test_what_would_pass_the_months_budget_does_not_leave(
    town: Organization, write: Write, edo: Person
) -> None:
    update = write()
    kept = planned(town, update, edo)
    Budget.objects.create(organization=town, amount=Decimal("0.01"), beyond=Budget.Beyond.STOPS)
    due(update)
    verbs.leave_due()
    kept.refresh_from_db()
    assert kept.state == Appointment.State.LAPSED
    assert "Il limite del mese" in str(kept.problem)


def test_an_hour_late_nothing_leaves_by_itself(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    kept = planned(town, update, edo)
    due(update, ago=verbs.LATEST + timedelta(minutes=1))
    verbs.leave_due()
    kept.refresh_from_db()
    assert kept.state == Appointment.State.LAPSED
    assert Update.objects.get().is_draft


def test_what_was_sent_by_hand_meanwhile_is_told_to_nobody(
    town: Organization, write: Write, edo: Person
) -> None:
    update = write()
    planned(town, update, edo)
    publish(town, update, edo)
    due(update)
    verbs.leave_due()
    assert Appointment.objects.get().state == Appointment.State.GONE
    assert jobs_of(update) == 1


def test_one_that_breaks_keeps_no_other_from_leaving(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = write(), write()
    for update in (first, second):
        planned(town, update, edo)
        due(update)
    plain = publishing.publish

    def breaks(organization: Organization, update_id: int, **more: object) -> Update:
        if update_id == first.pk:
            raise RuntimeError
        return plain(organization, update_id, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "publish", breaks)
    verbs.leave_due()
    assert Appointment.objects.get(update=second).state == Appointment.State.GONE
    assert (
        Appointment.objects.get(update=first).state == Appointment.State.PLANNED
    )  # looked at again in a minute


def test_a_new_moment_takes_the_place_of_the_old_one_and_it_can_be_taken_back(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    first = planned(town, update, edo)
    second = verbs.plan(town, update.pk, later(120), version=update.version, by=edo)
    assert Appointment.objects.get() == first == second
    assert first.key != second.key
    browse(edo).post(reverse("newsroom:unplan", args=[update.pk]))
    browse(edo).post(reverse("newsroom:unplan", args=[update.pk]))
    assert Appointment.objects.get().state == Appointment.State.OFF
    assert AuditEntry.objects.filter(verb="newsroom.unplanned").count() == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Scegli il giorno."),
        ({"when": "other", "day": "2027-03-28", "clock": "02:30"}, "Quell’ora non c’è"),
        ({"when": "other", "day": "2026-12-04", "clock": "11"}, "Scegli l’ora"),
        ({"when": "other", "day": "2026-12-04", "clock": "25:00"}, "Scegli l’ora"),
        ({"when": "other", "day": "2020-12-04", "clock": "11:00"}, "già passato"),
        ({"when": "other", "day": "2199-12-04", "clock": "11:00"}, "fino a un anno prima"),
        ({"when": "x" * 5000}, "Scegli il giorno."),
        ({"when": "other", "day": "2026-12-04", "clock": "23:30"}, "ore di silenzio"),
    ],
)
def test_a_moment_that_cannot_be_is_told_and_what_was_typed_stays(
    town: Organization, write: Write, edo: Person, browse: Browse, asked: dict[str, str], words: str
) -> None:
    update = write()
    page = browse(edo).post(reverse("newsroom:plan", args=[update.pk]), {"version": update.version, **asked})
    assert page.status_code == 422
    assert words in page.text
    assert not Appointment.objects.exists()
    for name in ("day", "clock"):
        if asked.get(name):
            assert f'value="{asked[name]}"' in page.text


def test_at_night_it_is_asked_twice(town: Organization, write: Write, edo: Person, browse: Browse) -> None:
    update = write()
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    asked = {"version": update.version, "when": "other", "day": day, "clock": "23:30"}
    path = reverse("newsroom:plan", args=[update.pk])
    assert 'name="at_night"' in browse(edo).post(path, asked).text
    assert browse(edo).post(path, {**asked, "at_night": "1"}).status_code == 302
    assert Appointment.objects.get().at.astimezone(ROME).hour == 23


def test_in_quiet_hours_the_question_says_the_time_and_offers_the_morning(
    town: Organization, write: Write, edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = write()
    at_noon(monkeypatch, hour=23)
    page = browse(edo).get(reverse("newsroom:send", args=[update.pk])).text
    assert "Sono le 23:39: inviare adesso a 3 persone?" in page
    assert "domani, mercoledì 2 dicembre, alle 8:00" in page
    assert "Invia adesso, nelle ore di silenzio" in page
    at_noon(monkeypatch)
    assert "Sono le" not in browse(edo).get(reverse("newsroom:send", args=[update.pk])).text


def test_a_page_that_was_opened_by_day_asks_when_it_is_sent_at_night(
    town: Organization, write: Write, edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = write()
    path, asked = reverse("newsroom:send", args=[update.pk]), {"key": "one", "version": update.version}
    at_noon(monkeypatch, hour=22)
    answer = browse(edo).post(path, asked)
    assert answer.status_code == 422
    assert "Sono le 22:39: inviare adesso a 3 persone?" in answer.text
    assert Update.objects.get().is_draft
    assert browse(edo).post(path, {**asked, "at_night": "1"}).status_code == 302
    assert not Update.objects.get().is_draft


def test_what_wakes_nobody_is_sent_at_any_hour(
    town: Organization, write: Write, edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = write(outlets=("channel",))
    at_noon(monkeypatch, hour=23)
    browse(edo).post(reverse("newsroom:send", args=[update.pk]), {"key": "one", "version": update.version})
    assert not Update.objects.get().is_draft


def test_the_plans_next_free_places_are_offered(
    town: Organization,
    write: Write,
    edo: Person,
    alice: Person,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rhythm.change(town, Times(weekdays=[1, 4], at=11 * 60), by=alice)
    update, other = write(), write()
    now = at_noon(monkeypatch)
    page = browse(edo).get(reverse("newsroom:send", args=[update.pk])).text
    assert "venerdì 4 dicembre, alle 11:00" in page
    assert "martedì 8 dicembre, alle 11:00" in page
    friday = datetime(2026, 12, 4, 11, tzinfo=ROME)
    Appointment.objects.create(organization=town, update=other, at=friday, version=1, by=edo, planned_at=now)
    page = browse(edo).get(reverse("newsroom:send", args=[update.pk])).text
    assert "venerdì 4 dicembre" not in page
    assert "venerdì 11 dicembre, alle 11:00" in page


def test_the_list_and_the_editor_say_when_it_leaves_and_that_a_change_keeps_it_back(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    planned(town, update, edo)
    assert re.search(r"parte \w+ \d+ \w+, \d+:\d+", browse(edo).get(reverse("newsroom:updates")).text)
    writing.save(update.pk, draft(title="Altro"), version=update.version, by=edo)
    for name, args in (("newsroom:updates", []), ("newsroom:edit", [update.pk])):
        assert "il testo è cambiato dopo: non parte" in browse(edo).get(reverse(name, args=args)).text


def test_the_rhythm_is_set_by_administrators(
    town: Organization, alice: Person, edo: Person, carlo: Person, browse: Browse
) -> None:
    sent = {"weekdays": ["1", "4"], "at": "11:00", "quiet_from": "22:00", "quiet_until": "07:30"}
    assert browse(alice).post(RHYTHM, sent).status_code == 302
    assert rhythm.times() == Times(22 * 60, 7 * 60 + 30, (1, 4), 11 * 60)
    assert browse(alice).get(RHYTHM).text.count("checked") == 2
    assert "martedì e venerdì alle 11:00" in browse(alice).get("/console/impostazioni/").text
    assert browse(alice).post(RHYTHM, {**sent, "at": "x"}).status_code == 422
    assert browse(edo).post(RHYTHM, sent).status_code == 403
    assert browse(carlo).get(RHYTHM).status_code == 404


def test_strangers_plan_nothing(
    town: Organization, write: Write, edo: Person, carlo: Person, olga: Person, browse: Browse
) -> None:
    update = write()
    planned(town, update, edo)
    for name in ("newsroom:plan", "newsroom:unplan"):
        path = reverse(name, args=[update.pk])
        assert browse(carlo).post(path).status_code == 404
        assert browse(olga).post(path).status_code == 403
    assert Appointment.objects.get().is_planned


def test_a_worker_serves_every_organization(
    town: Organization, write: Write, edo: Person, altrove: Organization, carlo: Person
) -> None:
    update = write()
    planned(town, update, edo)
    due(update)
    with organization_scope(altrove):
        assert not Appointment.objects.exists()
    assert verbs.leave_due() == 1


def test_what_is_asked_at_another_version_is_not_planned(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    writing.save(update.pk, draft(title="Altro"), version=update.version, by=edo)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    asked = {"version": update.version, "when": f"{day}T11:00"}
    answer = browse(edo).post(reverse("newsroom:plan", args=[update.pk]), asked, follow=True)
    assert "Mentre leggevi" in answer.text
    assert not Appointment.objects.exists()
