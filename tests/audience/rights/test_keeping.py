# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests and objections follow a person who turns out to be two, and go after two years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from arengo.audience import privacy
from arengo.audience.models import Contact
from arengo.audience.rights import retention_rules, verbs
from arengo.audience.rights.models import (
    Check,
    Objection,
    Right,
    RightsRequest,
    Way,
)
from arengo.audience.rights.verbs import Asked
from arengo.core.models import Organization, Person
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, CLARA, known, message
from tests.factories.retention import night

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]


@pytest.fixture
def anna(arrive: Arrive) -> Contact:
    """On the list, and known by a message of a moment ago."""
    arrive(message(ANNA, "ISCRIVIMI", name="anna e.", sent_at=timezone.now()))
    return known(ANNA).contact


def test_requests_and_objections_follow_a_person_who_turns_out_to_be_two(
    arrive: Arrive, anna: Contact, alice: Person
) -> None:
    arrive(message(CLARA, "Buongiorno", sent_at=timezone.now()))
    clara = known(CLARA).contact
    for contact in (anna, clara):
        verbs.object_to(contact, Asked(Way.COUNTER, Check.DOCUMENT, alice))
    arrive(message(Address(phone=ANNA.phone, user_id=CLARA.user_id), "Eccomi", sent_at=timezone.now()))
    kept = known(ANNA).contact
    assert RightsRequest.objects.filter(contact=kept).count() == 2
    assert Objection.objects.filter(contact=kept).count() == 2
    assert verbs.objected(kept) is not None


def test_requests_are_handed_out_and_go_after_two_years(
    anna: Contact, alice: Person, esempio: Organization
) -> None:
    verbs.correct(anna, "Anna Esempio", Asked(Way.COUNTER, Check.DOCUMENT, alice))
    [request] = privacy.everything(anna)["requests"]
    assert (request["right"], request["name_before"]) == ("correct", "anna e.")
    assert night(esempio, "audience.requests") == 0
    RightsRequest.objects.update(ended_at=timezone.now() - retention_rules.KEPT - timedelta(days=1))
    verbs.record(anna, Right.COPY, Way.PHONE, date(2020, 1, 1), by=alice)  # open: it stays, however old
    assert night(esempio, "audience.requests") == 1
    assert RightsRequest.objects.get().state == "open"
