# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens choose topics, quarters and how often on their own page."""

from __future__ import annotations

import pytest

from arengo.audience import frequencies, receiving
from arengo.audience.frequencies import Frequency
from arengo.audience.models import Identity, Quarter, Subscription, Topic
from arengo.audience.receiving import Receives
from arengo.audience.topics.models import Choosing
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import citizen, consented
from tests.factories.personal import PAGE, page_of

pytestmark = pytest.mark.django_db

ACT = f"{PAGE}fai/choose/"


@pytest.fixture
def anna(town: Organization, sender: Sender) -> Identity:
    person = citizen("Anna", phone="+393330000001")
    consented(person, sender)
    return person


def has(person: Identity) -> Receives:
    return receiving.of(Subscription.objects.get(identity=person))


def test_some_topics_are_chosen_and_the_page_says_which(anna: Identity, sender: Sender) -> None:
    first, second, *_rest = Topic.in_use()
    client = page_of(anna, sender)
    assert "Che cosa ricevo" in client.get(PAGE).text
    answer = client.post(ACT, {"topics_which": "some", "topics": [first.pk, second.pk]}, follow=True)
    assert has(anna).topics == {first.pk, second.pk}
    assert f"Ricevi: {first.name}, {second.name}." in answer.text
    row = Choosing.objects.get(identity=anna)
    assert (row.way, row.detail.added) == (Choosing.Way.PAGE, [first.name, second.name])


def test_all_topics_are_all_whatever_is_ticked(anna: Identity, sender: Sender) -> None:
    first = Topic.in_use()[0]
    client = page_of(anna, sender)
    client.post(ACT, {"topics_which": "some", "topics": [first.pk]})
    client.post(ACT, {"topics_which": "all", "topics": [first.pk]})
    assert has(anna).topics == frozenset()


def test_no_tick_is_never_taken_for_everything(anna: Identity, sender: Sender) -> None:
    first = Topic.in_use()[0]
    client = page_of(anna, sender)
    client.post(ACT, {"topics_which": "some", "topics": [first.pk]})
    answer = client.post(ACT, {"topics_which": "some"}, follow=True)
    assert "Segna almeno un tema" in answer.text
    assert has(anna).topics == {first.pk}


def test_a_quarter_and_a_frequency_are_chosen_where_there_are_some(
    anna: Identity, sender: Sender, town: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequencies, "_registered", {})
    client = page_of(anna, sender)
    assert "Quartieri" not in client.get(PAGE).text
    frequencies.register(Frequency("digests", "Solo il riepilogo", "solo con il riepilogo"))
    borgo = Quarter.objects.create(organization=town, name="Borgo")
    page = client.get(PAGE).text
    assert "Solo il riepilogo" in page
    assert "Borgo" in page
    client.post(ACT, {"quarters_which": "some", "quarters": [borgo.pk], "frequency": "digests"})
    assert has(anna) == Receives(frozenset(), frozenset({borgo.pk}), "digests")


@pytest.mark.parametrize("value", ["0", "999999", "x", "-1", "9" * 40])
def test_a_topic_of_nobody_changes_nothing(anna: Identity, sender: Sender, value: str) -> None:
    client = page_of(anna, sender)
    answer = client.post(ACT, {"topics_which": "some", "topics": [value]}, follow=True)
    assert answer.status_code in (200, 422)
    assert has(anna).topics == frozenset()
    assert not Choosing.objects.exists()


def test_what_another_town_offers_cannot_be_chosen(
    anna: Identity, sender: Sender, altrove: Organization
) -> None:
    with organization_scope(altrove):
        theirs = Topic.objects.create(organization=altrove, name="Loro")
    client = page_of(anna, sender)
    client.post(ACT, {"topics_which": "some", "topics": [theirs.pk]})
    assert has(anna).topics == frozenset()


def test_who_is_not_on_the_list_has_nothing_to_choose(town: Organization, sender: Sender) -> None:
    bruno = citizen("Bruno", phone="+393330000002")
    client = page_of(bruno, sender)
    assert "Che cosa ricevo" not in client.get(PAGE).text
    assert not Choosing.objects.exists()
