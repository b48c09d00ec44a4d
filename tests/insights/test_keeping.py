# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which days are counted when, what becomes of them; citizens who are merged or erased; the agreement behind figures by operator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience import merging, privacy
from arengo.audience.models import Contact, Subscription
from arengo.core.console import personal_data
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation, Desk
from arengo.insights import agreement, figures, jobs, keeping
from arengo.insights.agreement import AgreementRefused
from arengo.insights.models import CountedDay, OperatorAgreement, OperatorDay
from arengo.insights.periods import Period
from arengo.insights.values import read_day
from tests.factories.audience import citizen, subscribe
from tests.factories.desk import make_conversation
from tests.factories.hours import on, rome
from tests.factories.insights import answered, asked
from tests.insights.reference import Talk

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
SETTINGS = "/console/impostazioni/dati/"
TODAY = on("2026-11-29")


def people_of(day: str) -> set[int]:
    rows = CountedDay.objects.filter(day=on(day))
    return {person for row in rows for person in read_day(row.content).group("").people}


def test_each_night_the_two_weeks_that_may_change_are_counted_again(scope: Organization, talk: Talk) -> None:
    asked(talk(), rome("2026-10-01 10:00"))
    everything = keeping.due(scope)
    assert (everything[0], everything[-1]) == (on("2026-11-28"), on("2026-10-01"))
    jobs.count_days(timestamp=0)
    assert keeping.due(scope) == []
    CountedDay.objects.update(counted_at=rome("2026-11-28 23:59"))
    assert keeping.due(scope) == everything[: keeping.AGAIN]


def test_who_never_was_written_to_has_nothing_to_count(scope: Organization, urp: Desk) -> None:
    jobs.count_days(timestamp=0)
    assert not CountedDay.objects.exists()


def test_today_is_not_kept(scope: Organization, urp: Desk) -> None:
    with pytest.raises(ValueError, match="over"):
        keeping.keep_day(scope, TODAY)


def test_counting_twice_changes_nothing(scope: Organization, talk: Talk, olga: Person) -> None:
    anna = talk()
    asked(anna, rome("2026-11-20 10:00"))
    answered(anna, rome("2026-11-20 10:05"), olga)
    jobs.count_days(timestamp=0)
    before = list(CountedDay.objects.order_by("pk").values_list("pk", "content"))
    jobs.count_again(scope.pk, "2026-01-01", "2026-12-31")
    assert list(CountedDay.objects.order_by("pk").values_list("pk", "content")) == before


def test_days_are_of_one_organization(scope: Organization, altrove: Organization, talk: Talk) -> None:
    asked(talk(), rome("2026-11-28 10:00"))
    jobs.count_days(timestamp=0)
    assert {row.organization_id for row in CountedDay.unscoped.all()} == {scope.pk}


def test_the_list_is_counted_in_the_night_after_the_day(
    scope: Organization, talk: Talk, sender: Sender
) -> None:
    subscribe(scope, sender, 3)
    asked(talk(), rome("2026-11-27 10:00"))
    jobs.count_days(timestamp=0)
    period = Period(on("2026-11-23"), TODAY)
    assert figures.read(scope, period, [], began=period.first).subscribers == (3, on("2026-11-28"))
    Subscription.objects.all().delete()
    keeping.keep_day(scope, on("2026-11-28"))
    assert figures.read(scope, period, [], began=period.first).subscribers == (3, on("2026-11-28"))


def test_what_is_too_old_goes(scope: Organization, urp: Desk) -> None:
    old = TODAY - keeping.KEPT - timedelta(days=40)
    CountedDay.objects.create(desk=urp, day=old, content="{}", counted_at=timezone.now())
    keeping.forget_old(scope)
    assert not CountedDay.objects.exists()


def test_a_citizen_is_handed_their_days_and_erased_stays_a_number(
    scope: Organization, talk: Talk, alice: Person
) -> None:
    anna = talk()
    for day in ("2026-11-20", "2026-11-24"):
        asked(anna, rome(f"{day} 10:00"))
    jobs.count_days(timestamp=0)
    exported = personal_data.export(anna.contact_id)["days_counted_in_figures"]
    assert exported == [
        {"day": "2026-11-20", "desk": "URP", "on_the_list": False},
        {"day": "2026-11-24", "desk": "URP", "on_the_list": False},
    ]
    privacy.erase(Contact.objects.get(pk=anna.contact_id), by=alice)
    assert people_of("2026-11-20") == people_of("2026-11-24") == {anna.contact_id}
    assert Contact.objects.get(pk=anna.contact_id).name == ""


def test_two_who_are_one_person_are_counted_once(scope: Organization, talk: Talk, sender: Sender) -> None:
    kept, gone = citizen("Anna"), citizen("Anna di prima")
    for identity in (kept, gone):
        asked(make_conversation(identity, sender, state="closed"), rome("2026-11-20 10:00"))
    jobs.count_days(timestamp=0)
    merging.absorb(kept, gone, sender.pk)
    assert people_of("2026-11-20") == {kept.contact_id}
    keeping.keep_day(scope, on("2026-11-20"))
    assert people_of("2026-11-20") == {kept.contact_id}


# --- by operator ---


@pytest.fixture
def work(scope: Organization, talk: Talk, olga: Person) -> Conversation:
    anna = talk()
    for day in ("2026-11-10", "2026-11-20"):
        asked(anna, rome(f"{day} 10:00"))
        answered(anna, rome(f"{day} 10:05"), olga)
    jobs.count_days(timestamp=0)
    return anna


def test_nothing_is_counted_by_operator_without_an_agreement(work: Conversation) -> None:
    assert not OperatorDay.objects.exists()


def test_nothing_is_counted_by_operator_of_days_before_the_agreement(
    scope: Organization, work: Conversation, alice: Person
) -> None:
    agreement.switch_on(scope, agreed_on=on("2026-11-15"), reference="RSU, prot. 12", by=alice)
    jobs.count_operators(scope.pk, "2026-11-01", "2026-11-29")
    jobs.count_again(scope.pk, "2026-01-01", "2026-12-31")
    assert {row.day for row in OperatorDay.objects.all()} == {on("2026-11-20")}
    agreement.switch_on(scope, agreed_on=on("2026-11-25"), reference="RSU, prot. 13", by=alice)
    assert not OperatorDay.objects.exists()


def test_switching_on_wants_the_date_and_the_log_keeps_it(
    scope: Organization, work: Conversation, alice: Person, rita: Person, browse: Browse
) -> None:
    client = browse(alice)
    for typed in ({"agreed_on": "", "reference": "RSU"}, {"agreed_on": "2026-11-30", "reference": "RSU"}):
        assert client.post(SETTINGS, typed).status_code == 422
    with pytest.raises(AgreementRefused):
        agreement.switch_on(scope, agreed_on=on("2026-11-15"), reference=" ", by=alice)
    assert not OperatorAgreement.objects.exists()
    typed = {"agreed_on": "2026-11-15", "reference": "RSU, prot. 12"}
    assert browse(rita).post(SETTINGS, typed).status_code == 403
    assert client.post(SETTINGS, typed).status_code == 302
    entry = AuditEntry.objects.get(verb="insights.switched_on")
    assert entry.detail == {"agreed_on": "2026-11-15", "agreement": "RSU, prot. 12"}
    jobs.count_operators(scope.pk, "2026-11-15", "2026-11-29")
    assert OperatorDay.objects.exists()
    assert client.post(f"{SETTINGS}operatori/spegni/").status_code == 302
    assert not OperatorDay.objects.exists()
    assert AuditEntry.objects.filter(verb="insights.removed_operators", person=alice).count() == 1


def test_past_days_are_counted_again_by_a_press(
    scope: Organization, work: Conversation, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    for _press in range(2):
        assert client.post(f"{SETTINGS}riconta/").status_code == 302
    assert AuditEntry.objects.filter(verb="insights.counted_again").count() == 1
