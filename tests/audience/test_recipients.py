# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is meant: counted, estimated, walked and found again by their hashes, always the same people."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
from django.db import connection, transaction
from hypothesis import given, strategies as st

from arengo.audience import arrivals, recipients
from arengo.audience.merging import absorb
from arengo.audience.models import Identity, Quarter, Subscription, Topic
from arengo.audience.recipients import MOST_EXCLUDED, Purpose, Reach, Recipients
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import every_organization, organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address, PreferenceChanged
from tests.factories.audience import ANNA, BRUNO, CLARA, NOON, at, citizen, known, message
from tests.factories.delivery import make_sender

Arrive = Callable[..., None]


# --- a random list, and a model of it in plain Python ---------------------------------------------------------


@dataclass
class Somebody:
    """``listed``: None for who was never on the list. ``place``: of their subscription; later ones said the later word."""

    address: Address
    contact: int
    stopped: bool
    listed: bool | None
    sender: int
    topics: frozenset[int]
    place: int
    quarters: frozenset[int]
    frequency: str

    def absorb(self, gone: Somebody, gone_said_later: bool) -> None:
        if gone.listed is not None and (self.listed is None or gone.place > self.place):
            self.listed, self.sender, self.place = gone.listed, gone.sender, gone.place
            self.topics, self.quarters, self.frequency = gone.topics, gone.quarters, gone.frequency
        if gone_said_later:
            self.stopped = gone.stopped


_somebody = st.tuples(
    st.sampled_from(["phone", "user", "both"]),
    st.booleans(),  # stopped news at the platform
    st.sampled_from([None, True, True, True, False]),
    st.integers(0, 1),  # which sender
    st.frozensets(st.integers(0, 2), max_size=2),  # which topics
    st.frozensets(st.integers(0, 1), max_size=2),  # which quarters
    st.sampled_from(["", "", "digests", "alerts"]),
)
_asked = st.tuples(
    st.sampled_from([None, 0, 1]),
    st.sampled_from(Purpose),
    st.frozensets(st.integers(0, 2), max_size=2),
    st.frozensets(st.integers(0, 11), max_size=2),  # whose contact is excluded
    st.frozensets(st.integers(0, 1), max_size=1),  # quarters
    st.sampled_from(["", "digests"]),
)


def _stored(
    town: Organization, person: Somebody, number: int, topics: list[Topic], quarters: list[Quarter]
) -> Identity:
    said_at = at(number)
    identity = citizen(
        "",
        phone=person.address.phone,
        user_id=person.address.user_id,
        marketing_said_at=said_at,
        marketing_stopped_at=said_at if person.stopped else None,
    )
    person.contact = identity.contact_id
    if person.listed is not None:
        subscription = Subscription.objects.create(
            organization=town,
            identity=identity,
            sender_id=person.sender,
            active=person.listed,
            since=at(number),
            ended_at=None if person.listed else at(number) + timedelta(seconds=1),
            frequency=person.frequency,
        )
        subscription.topics.set([topics[one] for one in person.topics])
        subscription.quarters.set([quarters[one] for one in person.quarters])
    return identity


def _expected(
    people: list[Somebody], asked: Recipients, wanted: frozenset[int], living: frozenset[int]
) -> tuple[Reach, list[Somebody]]:
    """``wanted``, ``living``: the places of the topics and of the quarters."""
    news = asked.purpose is Purpose.NEWS
    listed = [one for one in people if one.listed and (asked.sender is None or one.sender == asked.sender)]
    stopped = [one for one in listed if news and one.stopped]
    left = [one for one in listed if one not in stopped]
    others = [one for one in left if news and wanted and one.topics and not one.topics & wanted]
    left = [one for one in left if one not in others]
    elsewhere = [one for one in left if news and living and one.quarters and not one.quarters & living]
    left = [one for one in left if one not in elsewhere]
    seldom = [one for one in left if news and one.frequency not in ("", asked.frequency)]
    left = [one for one in left if one not in seldom]
    excluded = [one for one in left if one.contact in asked.excluded]
    meant = sorted((one for one in left if one not in excluded), key=lambda one: one.place)
    counts = map(len, (listed, stopped, others, excluded, elsewhere, seldom))
    return Reach(*counts), meant


def _members(asked: Recipients, hashes: list[bytes]) -> set[bytes]:
    keys = asked.keys()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h.hash FROM unnest(%(hashes)s::bytea[]) AS h (hash) WHERE {keys.condition('h.hash')}",  # noqa: S608  # our own texts
            {**keys.values, "hashes": hashes},
        )
        return {bytes(row[0]) for row in cursor.fetchall()}


def _hash(address: Address) -> bytes:
    return vault().lookup_on(*address.key("whatsapp"))


@pytest.mark.django_db
@hypothesis.settings(
    max_examples=60,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
@given(
    drawn=st.lists(_somebody, min_size=1, max_size=12),
    merges=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=3),
    asked=st.lists(_asked, min_size=1, max_size=6),
    page=st.integers(1, 5),
)
def test_counting_walking_and_keys_mean_the_same_people_as_a_plain_model(
    drawn: list[Any],
    merges: list[tuple[int, int]],
    asked: list[Any],
    page: int,
    esempio: Organization,
    sender: Sender,
) -> None:
    before = recipients._PAGE
    try:
        recipients._PAGE = page  # type: ignore[misc]
        with organization_scope(esempio), transaction.atomic():
            _compare(drawn, merges, asked, esempio, sender)
            transaction.set_rollback(True)
    finally:
        recipients._PAGE = before  # type: ignore[misc]


def _compare(
    drawn: list[Any], merges: list[tuple[int, int]], asked: list[Any], town: Organization, sender: Sender
) -> None:
    other = make_sender(town, "Biblioteca")
    senders = [sender.pk, other.pk]
    topics = [Topic.objects.create(organization=town, name=f"Tema {one}") for one in range(3)]
    quarters = [Quarter.objects.create(organization=town, name=f"Quartiere {one}") for one in range(2)]
    people = []
    for number, (shows, stopped, listed, which, chosen, lives, often) in enumerate(drawn):
        address = Address(
            phone=f"+3933300002{number:02}" if shows != "user" else None,
            user_id=f"IT.{number:06}" if shows != "phone" else None,
        )
        people.append(Somebody(address, 0, stopped, listed, senders[which], chosen, number, lives, often))
    stored = [_stored(town, person, number, topics, quarters) for number, person in enumerate(people)]
    hashes = [_hash(person.address) for person in people]
    alive = dict(enumerate(people))
    contacts = [person.contact for person in people]
    for kept, gone in merges:
        if kept != gone and kept in alive and gone in alive:
            said = [Identity.objects.get(pk=stored[one].pk).marketing_said_at for one in (kept, gone)]
            absorb(
                Identity.objects.select_related("contact").get(pk=stored[kept].pk),
                Identity.objects.select_related("contact").get(pk=stored[gone].pk),
                sender.pk,
            )
            assert said[0] is not None
            assert said[1] is not None
            alive[kept].absorb(alive.pop(gone), said[1] > said[0])
    for which_sender, purpose, wanted, excluded, living, often in asked:
        meant = Recipients(
            None if which_sender is None else senders[which_sender],
            purpose,
            tuple(topics[one].pk for one in sorted(wanted)),
            tuple(contacts[one] for one in sorted(excluded) if one < len(contacts)),
            tuple(quarters[one].pk for one in sorted(living)),
            often,
        )
        reach, expected = _expected(list(alive.values()), meant, wanted, living)
        addresses = list(meant.addresses())
        assert addresses == [one.address for one in expected]
        assert meant.reach() == reach
        assert meant.count() == reach.reached == len(addresses) == meant.among(hashes)
        assert _members(meant, hashes) == {_hash(address) for address in addresses}
        assert Recipients.from_json(json.loads(json.dumps(meant.as_json()))) == meant


# --- case by case ---------------------------------------------------------------------------------------------


@pytest.fixture
def topics(town: Organization) -> dict[str, int]:
    return {topic.name: topic.pk for topic in Topic.objects.all()}


def test_news_on_a_topic_spares_those_who_want_others(arrive: Arrive, topics: dict[str, int]) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "Iscrivimi eventi"), message(CLARA, "Iscrivimi strade"))
    roads = Recipients(topics=(topics["Viabilità"],))
    assert list(roads.addresses()) == [ANNA, CLARA]
    assert roads.reach() == Reach(listed=3, stopped=0, other_topics=1, excluded=0)


def test_an_alert_goes_to_everybody_whatever_their_topics(
    arrive: Arrive, topics: dict[str, int], town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "Iscrivimi eventi"))
    stop = PreferenceChanged(ANNA, wants_marketing=False, at=NOON)
    arrivals.preference_changed(Batch(town.pk, sender.pk, [stop], "whatsapp"))
    alert = Recipients(sender.pk, Purpose.ALERT, (topics["Viabilità"],))
    assert list(alert.addresses()) == [ANNA, BRUNO]
    assert alert.reach() == Reach(2, 0, 0, 0)
    assert list(replace(alert, purpose=Purpose.NEWS).addresses()) == []


def test_each_is_spared_under_the_first_reason_that_holds(
    arrive: Arrive, topics: dict[str, int], town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "Iscrivimi eventi"), message(CLARA, "ISCRIVIMI"))
    stop = PreferenceChanged(BRUNO, wants_marketing=False, at=NOON)
    arrivals.preference_changed(Batch(town.pk, sender.pk, [stop], "whatsapp"))
    excluded = tuple(known(one).contact_id for one in (BRUNO, CLARA))
    asked = Recipients(sender.pk, topics=(topics["Viabilità"],), excluded=excluded)
    assert asked.reach() == Reach(listed=3, stopped=1, other_topics=0, excluded=1)
    assert list(asked.addresses()) == [ANNA]


def test_those_who_leave_later_are_not_meant_any_more(
    arrive: Arrive, topics: dict[str, int], sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "Iscrivimi eventi"))
    kept = Recipients(sender.pk, topics=(topics["Eventi"],)).as_json()
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(1)))
    assert _members(Recipients.from_json(kept), [_hash(ANNA), _hash(BRUNO)]) == {_hash(BRUNO)}


def test_a_topic_that_is_gone_reaches_those_who_want_everything(
    arrive: Arrive, topics: dict[str, int]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "Iscrivimi eventi"))
    gone = Recipients(topics=(topics["Emergenze"],))
    Topic.objects.filter(name="Emergenze").delete()
    assert list(gone.addresses()) == [ANNA]


def test_another_town_is_never_meant(arrive: Arrive, sender: Sender, altrove: Organization) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    walked = Recipients(sender.pk).addresses()
    with organization_scope(altrove):
        assert Recipients(sender.pk).count() == 0
        assert Recipients(sender.pk).among([_hash(ANNA)]) == 0
        assert list(walked) == [ANNA]  # whose list it was when it was asked for
    with (
        every_organization("a list is never everybody's"),
        pytest.raises(ValueError, match="one organization"),
    ):
        Recipients(sender.pk).addresses()


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"sender": 1, "purpose": "news", "topics": []},
        {"sender": 1, "purpose": "news", "topics": [], "excluded": [], "quarters": [3]},
        {"sender": 1, "purpose": "digest", "topics": [], "excluded": []},
        {"sender": 1, "purpose": "news", "topics": ["3"], "excluded": []},
        {"sender": 1, "purpose": "news", "topics": [], "excluded": [], "quarters": ["3"], "frequency": ""},
        {"sender": 1, "purpose": "news", "topics": [], "excluded": [], "quarters": [], "frequency": 3},
        {"sender": True, "purpose": "news", "topics": [], "excluded": []},
    ],
)
def test_what_was_kept_by_something_else_is_refused(kept: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Recipients.from_json(kept)


def test_what_was_kept_before_there_were_quarters_means_what_it_meant() -> None:
    kept = {"sender": 1, "purpose": "news", "topics": [3], "excluded": [7]}
    assert Recipients.from_json(kept) == Recipients(1, Purpose.NEWS, (3,), (7,))


def test_excluding_by_hand_has_a_ceiling() -> None:
    Recipients(excluded=tuple(range(MOST_EXCLUDED)))
    with pytest.raises(ValueError, match="At most"):
        Recipients(excluded=tuple(range(MOST_EXCLUDED + 1)))
