# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number that is silent for longer than usual is asked about at the platform, and an alarm rings until it is heard again.

Times are made up: 28 days that end on Thursday 26 November 2026.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from arengo.core.console import conditions
from arengo.core.console.troubles import troubles
from arengo.core.models import Organization, Person
from arengo.core.scope import every_organization
from arengo.delivery.models import Sender
from arengo.intake import silence
from arengo.intake.models import Gap, Journal, LastWebhook, Silence
from arengo.platforms.contract import Refusal, Remedy
from tests.factories.intake import journal

pytestmark = pytest.mark.django_db

ROME = ZoneInfo("Europe/Rome")
THURSDAY = datetime(2026, 11, 26, tzinfo=ROME)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Answers = list[Any]


def office(
    *, every: timedelta = 10 * MINUTE, days: int = 28, until: datetime = THURSDAY + 12 * HOUR
) -> list[datetime]:
    """Webhooks from Monday to Friday, 8 to 18."""
    marks, at = [], until - timedelta(days=days)
    while at <= until:
        local = at.astimezone(ROME)
        if local.weekday() < 5 and 8 <= local.hour < 18:
            marks.append(at)
        at += every
    return marks


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What the platform says, one after the other; the last one is repeated. A Refusal is raised."""
    told: Answers = [["https://elsewhere.example.it/hooks/x"]]

    def call(*_args: object, **_options: object) -> object:
        answer = told.pop(0) if len(told) > 1 else told[0]
        if isinstance(answer, Refusal):
            raise answer
        return answer

    monkeypatch.setattr(silence, "call", call)
    return told


@pytest.fixture
def watch(scope: Organization, answers: Answers) -> Callable[[datetime], list[int]]:
    def look(now: datetime) -> list[int]:
        with every_organization("as the job does"):
            return silence.watch(now)

    return look


Watch = Callable[[datetime], list[int]]


def test_a_silence_longer_than_usual_and_than_two_hours_rings(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office()})
    assert watch(THURSDAY + 13 * HOUR) == []
    assert watch(THURSDAY + 14 * HOUR) == []  # two hours, and not longer
    assert watch(THURSDAY + 14 * HOUR + MINUTE) == [sender.pk]
    ringing = Silence.objects.get()
    assert (ringing.since, ringing.answer) == (THURSDAY + 12 * HOUR, "elsewhere")


@pytest.mark.parametrize("every", [MINUTE, 5 * MINUTE, 30 * MINUTE])
def test_it_rings_however_much_is_written(sender: Sender, watch: Watch, every: timedelta) -> None:
    silence.heard({sender.pk: office(every=every)})
    assert watch(THURSDAY + 14.5 * HOUR) == [sender.pk]


def test_nights_and_week_ends_are_usual(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office(until=THURSDAY + 18 * HOUR)})
    for hours in (21, 24, 27, 31.9):
        assert watch(THURSDAY + hours * HOUR) == [], hours
    friday = THURSDAY + timedelta(days=1)
    silence.heard({sender.pk: office(until=friday + 18 * HOUR)})
    for hours in (21, 30, 48, 60, 79.9):
        assert watch(friday + hours * HOUR) == [], hours


def test_a_morning_that_stays_silent_rings_once_its_first_hour_is_over(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office(every=MINUTE, until=THURSDAY + 18 * HOUR)})
    friday = THURSDAY + timedelta(days=1)
    assert watch(friday + 8 * HOUR + MINUTE) == []
    assert watch(friday + 9.1 * HOUR) == [sender.pk]


def test_one_outage_in_four_weeks_makes_nothing_usual(sender: Sender, watch: Watch) -> None:
    outage = THURSDAY - timedelta(days=14)
    marks = [at for at in office(every=MINUTE) if not outage + 11 * HOUR < at < outage + 17 * HOUR]
    silence.heard({sender.pk: marks})
    assert watch(THURSDAY + 14.5 * HOUR) == [sender.pk]


def test_a_new_number_has_no_habits(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office(days=10)})
    assert watch(THURSDAY + 17 * HOUR) == []


def test_a_number_that_hardly_anybody_writes_to_is_left_alone(sender: Sender, watch: Watch) -> None:
    marks = [THURSDAY - timedelta(days=day) + 10 * HOUR for day in range(28, 0, -1)]
    silence.heard({sender.pk: marks})
    assert watch(THURSDAY + 9 * HOUR) == []


def test_the_next_webhook_ends_it(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office()})
    watch(THURSDAY + 15 * HOUR)
    silence.heard({sender.pk: [THURSDAY + 15.5 * HOUR]})
    assert Silence.objects.count() == 0
    assert watch(THURSDAY + 16 * HOUR) == []


def test_webhooks_in_any_order_and_twice_count_as_they_came(sender: Sender) -> None:
    first, second, third = THURSDAY, THURSDAY + 7 * MINUTE, THURSDAY + 90 * MINUTE
    silence.heard({sender.pk: [third, first, second]})
    silence.heard({sender.pk: [second, third]})
    assert LastWebhook.objects.get().received_at == third
    assert sorted(Gap.objects.values_list("hour", "minutes", "count")) == [
        (THURSDAY, 15, 1),
        (THURSDAY, 90, 1),
        (THURSDAY + HOUR, 90, 1),
    ]


def test_webhooks_that_come_together_count_as_one(sender: Sender) -> None:
    silence.heard({sender.pk: [THURSDAY + timedelta(seconds=second / 10) for second in range(100)]})
    assert sum(Gap.objects.values_list("count", flat=True)) == 1


def test_what_is_known_is_bounded(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: [THURSDAY - timedelta(days=3000), THURSDAY]})
    assert Gap.objects.count() <= 673
    silence.heard({sender.pk: office(every=MINUTE, days=60)})
    watch(THURSDAY + 13 * HOUR)
    assert Gap.objects.filter(hour__lt=THURSDAY - timedelta(days=29)).count() == 0
    assert Gap.objects.count() < 673 * 5


def test_a_number_that_nobody_uses_any_more_stops_ringing(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office()})
    assert watch(THURSDAY + 15 * HOUR) == [sender.pk]
    assert watch(THURSDAY + timedelta(days=40)) == []
    assert Silence.objects.count() == 0


# --- the question ---------------------------------------------------------------------------------------------


def test_the_platform_is_asked_once_and_then_ever_more_rarely(
    sender: Sender, watch: Watch, answers: Answers
) -> None:
    silence.heard({sender.pk: office()})
    start = THURSDAY + 15 * HOUR
    asked = []
    for number in range(12 * 24 * 2):  # two days, each five minutes
        with_alarm = watch(start + number * 5 * MINUTE)
        found = Silence.objects.filter(pk=sender.pk).first()
        asked.append(found.asked if found else 0)
        assert with_alarm or found
    assert asked[0] == 1
    assert max(asked) <= len(silence.ASK_AGAIN) + 1
    assert asked.count(1) == 3  # again after a quarter of an hour


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Refusal(Remedy.RETRY, title="TimeoutError", certain=False), "unreachable"),
        (Refusal(Remedy.STOP_SENDER, code=190, title="token"), "refused"),
        ([], "nobody"),
        (["https://elsewhere.example.it/x"], "elsewhere"),
        ([""], "unknown"),
        (None, "unknown"),
    ],
)
def test_what_the_platform_says_is_kept(
    sender: Sender, watch: Watch, answers: Answers, answer: Any, expected: str
) -> None:
    answers[:] = [answer]
    silence.heard({sender.pk: office()})
    watch(THURSDAY + 15 * HOUR)
    assert Silence.objects.get().answer == expected


def test_our_own_address_is_recognised(sender: Sender, watch: Watch, answers: Answers, settings: Any) -> None:
    answers[:] = [[f"{settings.PUBLIC_URL}/hooks/{sender.hook_key}"]]
    silence.heard({sender.pk: office()})
    watch(THURSDAY + 15 * HOUR)
    assert Silence.objects.get().answer == "here"


def test_nobody_is_called_silent_while_the_journal_is_behind(sender: Sender, watch: Watch) -> None:
    silence.heard({sender.pk: office()})
    waiting = journal(sender)
    Journal.objects.filter(pk=waiting.pk).update(received_at=THURSDAY + 14 * HOUR)
    assert watch(THURSDAY + 15 * HOUR) == []


# --- on screen ------------------------------------------------------------------------------------------------


def test_the_alarm_is_on_the_status_page_with_what_the_platform_said(
    sender: Sender, watch: Watch, alice: Person, browse: Callable[..., Client]
) -> None:
    silence.heard({sender.pk: office()})
    watch(THURSDAY + 15 * HOUR)
    found = [trouble for trouble in troubles(conditions.read()) if trouble.kind == "number_silent"]
    assert [trouble.person for trouble in found] == [True]
    page = browse(alice).get("/console/impostazioni/stato/").content.decode()
    assert 'data-trouble="number_silent"' in page
    assert "consegna a un altro indirizzo" in page
