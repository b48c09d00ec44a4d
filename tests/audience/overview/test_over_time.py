# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list over time, told apart by way, reason, topic and place: what stands in the table adds up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Topic
from arengo.audience.overview import keeping, series
from arengo.audience.overview.periods import Span, columns
from arengo.audience.reasons import Reason
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.portal.posters import places
from tests.factories.audience import citizen, consented, subscribe

pytestmark = pytest.mark.django_db

PAGE = "/console/iscritti/andamento/"
Browse = Callable[..., Client]


def numbers(page: str) -> list[str]:
    return re.findall(r'<td class="number">([^<]*)</td>', page)


def test_ways_and_reasons_are_told_apart_by_month(
    scope: Organization, sender: Sender, alice: Person, browse: Browse
) -> None:
    now = timezone.now()
    for number in range(3):
        consented(citizen(f"Persona {number}"), sender, when=now)
    consented(citizen("Persona 9"), sender, when=now - timedelta(days=3), reason=Reason.INVALID)
    page = browse(alice).get(PAGE, {"per": "modi"}).text
    assert "Con un messaggio" in page
    assert sum(map(int, numbers(page))) == 4
    page = browse(alice).get(PAGE, {"per": "motivi"}).text
    assert "Numero non più valido" in page
    assert "Si sono cancellate" not in page  # it did not happen
    assert sum(map(int, numbers(page))) == 1


def test_days_that_are_kept_and_days_that_are_not_add_up(
    scope: Organization, sender: Sender, alice: Person, browse: Browse
) -> None:
    now = timezone.now()
    consented(citizen("Persona 1"), sender, when=now - timedelta(days=40))
    consented(citizen("Persona 2"), sender, when=now - timedelta(days=2))
    consented(citizen("Persona 3"), sender, when=now)
    keeping.keep(scope, keeping.due(scope))
    assert sum(map(int, numbers(browse(alice).get(PAGE, {"periodo": "sempre"}).text))) == 3
    assert sum(map(int, numbers(browse(alice).get(PAGE, {"periodo": "giorni"}).text))) == 2


def test_a_topic_is_counted_at_the_end_of_each_column_and_not_before_it_was(
    scope: Organization, sender: Sender
) -> None:
    create_defaults(scope)
    subscribe(scope, sender, 3)
    today = timezone.localdate()
    by_key = {kind.key: kind for kind in series.kinds()}
    found = by_key["temi"].read(scope, columns(Span.DAYS, today, today))
    assert len(found) == Topic.in_use().count()
    assert {one.counts[-1] for one in found} == {3}
    assert {one.counts[0] for one in found} == {None}
    Consent.objects.create(
        organization=scope, action="given", source="message", at=timezone.now() - timedelta(days=1)
    )
    keeping.keep(scope, [today - timedelta(days=1)])
    found = by_key["temi"].read(scope, columns(Span.DAYS, today, today))
    assert {one.counts[-2:] == [3, 3] for one in found} == {
        True
    }  # yesterday, and today as the night counted it


def test_places_are_told_apart_by_day(
    scope: Organization, sender: Sender, alice: Person, browse: Browse
) -> None:
    places.add(scope, "Biblioteca", by=alice)
    who = citizen("Persona 1")
    Consent.objects.create(
        organization=scope,
        identity=who,
        action="given",
        source="message",
        way="poster",
        poster="biblioteca",
        at=timezone.now(),
    )
    page = browse(alice).get(PAGE, {"per": "luoghi", "periodo": "giorni"}).text
    assert "Biblioteca" in page
    assert sum(map(int, numbers(page))) == 1


@pytest.mark.parametrize(
    "asked", [{}, {"per": "x"}, {"per": "\0"}, {"periodo": "9" * 5000}, {"per": ["a", "b"]}]
)
def test_what_an_address_does_not_say_rightly_is_the_first(
    scope: Organization, alice: Person, browse: Browse, asked: dict[str, object]
) -> None:
    page = browse(alice).get(PAGE, asked)
    assert page.status_code == 200
    assert "In questo periodo, niente." in page.text


def test_editors_and_auditors_read_it_and_strangers_find_nothing(
    scope: Organization, edo: Person, olga: Person, carlo: Person, browse: Browse
) -> None:
    assert browse(edo).get(PAGE).status_code == 200
    assert browse(olga).get(PAGE).status_code == 403
    assert browse(carlo).get(PAGE).status_code == 404
