# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is absent holds nobody up: what they had in hand comes free, visibly, and nothing new goes to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.desk import handling
from arengo.desk.absences import rules, verbs
from arengo.desk.absences.models import Absence
from arengo.desk.follow_ups import verbs as follow_ups
from arengo.desk.follow_ups.models import FollowUp
from arengo.desk.handling import HandlingRefused
from arengo.desk.models import Conversation
from arengo.desk.returning.models import ReturnRule
from tests.desk.road import DESK, Writes, page_of
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
ABSENCES = "/console/sportello/assenze/"


def absent(organization: Organization, person: Person, first: int = 0, last: int = 3) -> Absence:
    """From so many days after today to so many."""
    today = timezone.localdate()
    return verbs.note(
        organization,
        person,
        first=today + timedelta(days=first),
        last=today + timedelta(days=last),
        by=person,
    )


def test_what_was_in_hand_comes_free_and_the_row_says_why(
    esempio: Organization, conversation: Conversation, bea: Person, olga: Person, browse: Browse
) -> None:
    handling.take(conversation, by=bea)
    absent(esempio, bea)
    conversation.refresh_from_db()
    assert conversation.assignee is None
    assert "Bea è assente: è tornata libera" in browse(olga).get(DESK).content.decode()
    assert "Bea Esempio era assente" in browse(olga).get(page_of(conversation)).content.decode()
    handling.take(conversation, by=olga)
    assert "è assente" not in browse(olga).get(DESK).content.decode()


def test_an_absence_to_come_changes_nothing_until_its_morning(
    esempio: Organization, conversation: Conversation, bea: Person
) -> None:
    handling.take(conversation, by=bea)
    absence = absent(esempio, bea, first=2)
    assert verbs.begin_all() == 0
    Absence.objects.filter(pk=absence.pk).update(first=timezone.localdate())
    assert verbs.begin_all() == 1
    assert verbs.begin_all() == 0
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_nothing_is_assigned_to_who_is_absent(
    esempio: Organization, conversation: Conversation, bea: Person, olga: Person
) -> None:
    absence = absent(esempio, bea)
    with pytest.raises(HandlingRefused, match="è assente fino al"):
        handling.assign(conversation, to=bea, by=olga)
    verbs.end(absence, by=bea)
    handling.assign(conversation, to=bea, by=olga)
    conversation.refresh_from_db()
    assert conversation.assignee == bea


def test_what_comes_back_meanwhile_comes_back_free(
    esempio: Organization, write: Writes, conversation: Conversation, anna: Identity, bea: Person
) -> None:
    ReturnRule.objects.create(days=3)
    handling.take(conversation, by=bea)
    handling.close(conversation, by=bea)
    absent(esempio, bea)
    write(said(anna, "Ancora io"))
    conversation.refresh_from_db()
    assert (conversation.state, conversation.assignee) == ("open", None)
    assert conversation.waiting_since is not None


def test_a_follow_up_of_who_is_absent_comes_back_free(
    esempio: Organization, conversation: Conversation, bea: Person
) -> None:
    day = timezone.localdate() + timedelta(days=1)
    follow_ups.put_off(conversation, day=day, to=bea, by=bea)
    absence = absent(esempio, bea)
    Conversation.objects.update(assignee=bea)  # taken in hand again from home
    FollowUp.objects.update(day=timezone.localdate() - timedelta(days=1))
    follow_ups.bring_back()
    conversation.refresh_from_db()
    assert conversation.assignee is None
    assert absence.person == bea


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(3, 1, "Finisce prima"), (-5, -1, "già passati"), (0, 400, "Al massimo un anno"), (2, 4, "c’è già")],
)
def test_days_that_cannot_be(
    esempio: Organization, scope: Organization, bea: Person, first: int, last: int, words: str
) -> None:
    absent(esempio, bea, first=3, last=5)
    with pytest.raises(verbs.AbsenceRefused, match=words):
        absent(esempio, bea, first=first, last=last)


def test_by_the_page_ones_own_and_for_an_administrator_everybodys(
    esempio: Organization, scope: Organization, olga: Person, bea: Person, alice: Person, browse: Browse
) -> None:
    today = f"{timezone.localdate():%Y-%m-%d}"
    days = {"first": today, "last": today}
    assert browse(olga).post(ABSENCES, {"person": bea.pk, **days}).status_code == 422
    assert browse(olga).post(ABSENCES, {"person": olga.pk, **days}).status_code == 302
    assert browse(alice).post(ABSENCES, {"person": bea.pk, **days}).status_code == 302
    of_bea = Absence.objects.get(person=bea)
    assert "Bea Esempio" in browse(olga).get(ABSENCES).content.decode()
    assert browse(olga).post(f"{ABSENCES}{of_bea.pk}/fine/").status_code == 404
    assert browse(alice).post(f"{ABSENCES}{of_bea.pk}/fine/").status_code == 302
    of_bea.refresh_from_db()
    assert of_bea.ended_at


def test_absences_of_long_ago_are_forgotten(esempio: Organization, scope: Organization, bea: Person) -> None:
    absent(esempio, bea)
    long_ago = timezone.localdate() - rules.KEPT - timedelta(days=1)
    Absence.objects.update(first=long_ago, last=long_ago)
    assert rules.forget_old() == 1
