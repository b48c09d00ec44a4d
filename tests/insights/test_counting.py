# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a day comes to: requests, first answers, closings, in opening minutes; against a slow reference."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from arengo.audience import consent
from arengo.core.models import Organization, Person
from arengo.delivery.models import DeliveryState, Sender
from arengo.desk.blocks.models import Block, Reprimand
from arengo.desk.front.models import FrontPage
from arengo.desk.hours.reading import schedules
from arengo.desk.labels.models import Labelled
from arengo.desk.models import Assignment, Conversation, Desk, Message
from arengo.desk.redirects.models import Redirect, Redirected
from arengo.insights import figures, keeping
from arengo.insights.figures import Figures
from arengo.insights.periods import Period
from arengo.insights.values import within
from tests.factories.audience import citizen
from tests.factories.delivery import delivery_row
from tests.factories.desk import make_conversation, make_label
from tests.factories.hours import on, rome
from tests.factories.insights import answered, asked, closed, line
from tests.insights.reference import Talk, slowly

pytestmark = pytest.mark.django_db

WEEK = Period(on("2026-11-09"), on("2026-11-15"))


def kept(organization: Organization, period: Period = WEEK, **fields: str) -> Figures:
    """As the job counts the days, of all desks."""
    for number in range(period.days):
        keeping.keep_day(organization, period.first + timedelta(days=number))
    desks = list(Desk.objects.values_list("pk", flat=True))
    return figures.read(organization, period, desks, began=period.first, **fields)


def test_a_question_its_answer_and_its_closing_count_in_opening_minutes(
    scope: Organization, talk: Talk, olga: Person
) -> None:
    anna = talk()
    asked(anna, rome("2026-11-09 12:30"))  # Monday: open until 13
    answered(anna, rome("2026-11-10 09:10"), olga)  # Tuesday: 30 minutes and ten
    closed(anna, rome("2026-11-11 09:00"), olga)  # 30, and Tuesday's six hours
    total = kept(scope).total
    assert (total.begun, total.received, total.sent) == (1, 1, 1)
    assert (total.first, total.closed, total.unanswered) == ([40], [390], 0)


def test_what_happens_counts_on_its_own_day(scope: Organization, talk: Talk, olga: Person) -> None:
    anna = talk()
    asked(anna, rome("2026-11-15 23:50"))
    answered(anna, rome("2026-11-16 09:05"), olga)
    sunday, monday = kept(scope).total, kept(scope, Period(on("2026-11-16"), on("2026-11-16"))).total
    assert (sunday.begun, sunday.first) == (1, [])
    assert (monday.begun, monday.first) == (0, [5])


def test_a_word_after_closing_begins_another_request(scope: Organization, talk: Talk, olga: Person) -> None:
    anna = talk()
    asked(anna, rome("2026-11-09 09:00"))
    asked(anna, rome("2026-11-09 09:02"))
    answered(anna, rome("2026-11-09 09:10"), olga)
    answered(anna, rome("2026-11-09 09:20"), olga)
    closed(anna, rome("2026-11-09 09:30"), olga)
    asked(anna, rome("2026-11-10 09:00"), "Grazie!")
    closed(anna, rome("2026-11-10 09:01"), olga)
    total = kept(scope).total
    assert (total.begun, total.received) == (2, 3)
    assert (total.first, total.closed, total.unanswered) == ([10], [30, 1], 1)


def test_a_closing_that_was_undone_is_none(scope: Organization, talk: Talk, olga: Person) -> None:
    anna = talk()
    asked(anna, rome("2026-11-09 09:00"))
    closed(anna, rome("2026-11-09 09:10"), olga)
    line(anna, rome("2026-11-09 09:11"), Assignment.Action.UNDONE, olga)
    answered(anna, rome("2026-11-09 09:30"), olga)
    total = kept(scope).total
    assert (total.begun, total.first, total.closed) == (1, [30], [])


def test_nobody_waits_for_the_answer_to_a_command_and_arengo_answers_nothing(
    scope: Organization, talk: Talk
) -> None:
    anna = talk()
    asked(anna, rome("2026-11-09 09:00"), "ISCRIVIMI", command="join")
    asked(anna, rome("2026-11-09 09:01"), kind=Message.Kind.SYSTEM)
    asked(anna, rome("2026-11-09 09:02"), copy=True)
    answered(anna, rome("2026-11-09 09:03"), None)
    assert kept(scope).total.is_empty


def test_what_a_blocked_person_writes_is_no_request(scope: Organization, talk: Talk, olga: Person) -> None:
    anna = talk()
    Block.objects.create(
        contact=anna.contact,
        conversation=anna,
        begins_at=rome("2026-11-09 10:00"),
        ends_at=rome("2026-11-12 00:00"),
        by=olga,
    )
    asked(anna, rome("2026-11-09 09:59"))
    asked(anna, rome("2026-11-11 10:00"))
    asked(anna, rome("2026-11-12 10:00"))
    total = kept(scope).total
    assert total.received == 2
    assert total.occurrences == {"blocks": 1}


def test_a_desk_without_hours_counts_all_minutes_and_none_of_them_outside(
    scope: Organization, talk: Talk, library: Desk, olga: Person
) -> None:
    anna = talk(desk=library)
    asked(anna, rome("2026-11-09 22:00"))
    answered(anna, rome("2026-11-10 08:00"), olga)
    total = kept(scope).total
    assert (total.first, total.outside) == ([600], 0)


def test_the_share_that_comes_while_it_is_closed(scope: Organization, talk: Talk) -> None:
    for at in ("2026-11-09 08:59", "2026-11-09 09:00", "2026-11-09 12:59", "2026-11-09 13:00"):
        asked(talk(), rome(at))
    total = kept(scope).total
    assert (total.received, total.outside) == (4, 2)


def test_an_hour_is_that_of_the_town(scope: Organization, talk: Talk) -> None:
    asked(talk(), datetime(2026, 11, 10, 23, 30, tzinfo=UTC))  # Wednesday, half past midnight
    assert list(kept(scope).by_hour) == [48]


def test_a_wait_belongs_to_the_hour_in_which_the_citizen_asked(
    scope: Organization, talk: Talk, olga: Person
) -> None:
    anna = talk()
    asked(anna, rome("2026-11-09 20:15"))
    answered(anna, rome("2026-11-10 09:05"), olga)
    found = kept(scope).by_hour
    assert {hour: each.first for hour, each in found.items() if each.first} == {20: [5]}


def test_failures_redirects_warnings_are_counted(
    scope: Organization, talk: Talk, sender: Sender, olga: Person
) -> None:
    anna = talk()
    asked(anna, rome("2026-11-09 09:00"))
    answered(anna, rome("2026-11-09 09:10"), olga, failure="Il file non c’è più.")
    row = delivery_row(sender, b"a" * 32, state=DeliveryState.FAILED)
    answered(anna, rome("2026-11-09 09:11"), olga, delivery=row)
    answered(anna, rome("2026-11-09 09:12"), olga)
    redirect = Redirect.objects.create(name="Buche", text="{link}")
    Redirected.objects.create(redirect=redirect, conversation=anna, at=rome("2026-11-10 09:00"))
    Reprimand.objects.create(contact=anna.contact, conversation=anna, at=rome("2026-11-11 09:00"), key="k")
    total = kept(scope).total
    assert total.failed == 2
    assert total.occurrences == {"redirects": 1, "warnings": 1}


def test_groups_are_labels_and_the_topic_that_somebody_began_with(
    scope: Organization, talk: Talk, olga: Person
) -> None:
    FrontPage.objects.create(topics=["Tributi: TARI, IMU", "Tributi locali: altro", "Scuola"])
    anna, bruno = talk(), talk("Bruno")
    label = make_label("Anagrafe")
    Labelled.objects.create(conversation=anna, label=label)
    Labelled.objects.create(conversation=bruno, label=label, removed_at=timezone.now())
    asked(anna, rome("2026-11-09 09:00"), "tributi locali: quando si paga?")
    answered(anna, rome("2026-11-09 09:07"), olga)
    asked(bruno, rome("2026-11-09 09:00"))
    found = kept(scope)
    assert found.by_group.keys() == {f"label:{label.pk}", "topic:Tributi locali"}
    assert {each.begun for each in found.by_group.values()} == {1}
    assert kept(scope, group=f"label:{label.pk}").total.first == [7]
    assert found.total.begun == 2


def test_who_only_asks_and_who_is_on_the_list_are_never_the_same(
    scope: Organization, talk: Talk, sender: Sender
) -> None:
    anna, bruno, carla = talk(), talk("Bruno"), talk("Carla")
    for conversation, joined in ((bruno, "2026-11-01 10:00"), (carla, "2026-11-12 10:00")):
        assert conversation.identity is not None
        consent.give(conversation.identity, sender_id=sender.pk, at=rome(joined), message_id="m", text="")
    for conversation in (anna, bruno, carla):
        asked(conversation, rome("2026-11-10 09:00"))
    asked(carla, rome("2026-11-13 09:00"))  # she joined in the meantime
    total = kept(scope).total
    assert (total.only_asking, len(total.subscribed), len(total.people)) == (1, 2, 3)


def test_half_and_nine_of_ten() -> None:
    assert within([], 5) is None
    assert (within([7], 5), within([7], 9)) == (7, 7)
    assert (within([1, 2, 3, 4], 5), within([4, 1, 3, 2], 9)) == (2, 4)
    assert within(range(1, 11), 9) == 9


# Minutes within three days, on both sides of a change of the clock: in March an hour is missing.
_MOMENTS = st.integers(0, 3 * 24 * 60)
_HAPPENINGS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["ask", "ask", "command", "answer", "automatic", "close", "undo"]),
        _MOMENTS,
    ),
    max_size=14,
    unique_by=lambda each: (each[0], each[2]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=_HAPPENINGS)
def test_the_days_come_to_what_the_slow_reference_finds(
    happened: list[tuple[int, str, int]],
    scope: Organization,
    urp: Desk,
    library: Desk,
    sender: Sender,
    olga: Person,
) -> None:
    Conversation.objects.all().delete()
    begin = rome("2026-03-27 18:00").astimezone(UTC)
    citizens = [
        make_conversation(citizen(f"Citizen {number}"), sender, desk_id=desk.pk)
        for number, desk in enumerate((urp, urp, library))
    ]
    for who, what, minute in sorted(happened, key=lambda each: each[2]):
        conversation, at = citizens[who], begin + timedelta(minutes=minute)
        match what:
            case "ask" | "command":
                asked(conversation, at, command="join" if what == "command" else "")
            case "answer" | "automatic":
                answered(conversation, at, olga if what == "answer" else None)
            case _:
                action = Assignment.Action.CLOSED if what == "close" else Assignment.Action.UNDONE
                line(conversation, at, action, olga)
    known = schedules([urp.pk])

    def waited(desk: int, since: datetime, until: datetime) -> int:
        if desk in known:
            return known[desk].opening_minutes(since, until)
        return int((until - since).total_seconds() // 60)

    for first, last in ((date(2026, 3, 27), date(2026, 3, 30)), (date(2026, 3, 29), date(2026, 3, 29))):
        slow = slowly(first, last, waited)
        found = kept(scope, Period(first, last))
        for desk, expected in slow.items():
            total = found.by_desk[desk]
            assert (total.begun, total.received, total.sent) == (
                expected.begun,
                expected.received,
                expected.sent,
            )
            assert sorted(total.first) == sorted(expected.first)
            assert sorted(total.closed) == sorted(expected.closed)
            assert (total.unanswered, total.people) == (expected.unanswered, expected.people)
