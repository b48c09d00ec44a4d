# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list page by page, with filters: everybody who fits stands in it once, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from arengo.audience import consent
from arengo.audience.models import Consent, Subscription, Topic
from arengo.audience.people_list.asking import Asked, Place, asked, place
from arengo.audience.people_list.walking import everybody, walk
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address
from tests.factories.audience import NOON, at, known, message

Arrive = Callable[..., None]


def address(number: int) -> Address:
    return Address(phone=f"+39333000{number:04}")


@pytest.fixture
def ten(arrive: Arrive) -> list[int]:
    """Ids of ten subscriptions, the newest first; every third chose Eventi, two have the same second."""
    arrive(
        *(
            message(
                address(number),
                "ISCRIVIMI" if number % 3 else "Iscrivimi eventi",
                sent_at=at(-60 * 24 * (number - number % 2)),
            )
            for number in range(10)
        )
    )
    return list(Subscription.objects.order_by("-since", "-pk").values_list("pk", flat=True))


def walked(wanted: Asked, *, most: int, steps: int = 5_000) -> list[int]:
    found: list[int] = []
    after: Place | None = wanted.start()
    while after is not None:
        step = walk(wanted, after, most=most, walked=steps)
        found += step.found
        after = step.next
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 10, 50])
def test_every_page_size_gives_the_same_list(ten: list[int], most: int) -> None:
    assert walked(Asked(), most=most) == ten


@pytest.mark.parametrize("steps", [1, 2, 5, 10, 100])
def test_a_filter_finds_the_same_people_however_far_one_walk_goes(ten: list[int], steps: int) -> None:
    stopped = [ten[0], ten[4], ten[9]]
    people = Subscription.objects.filter(pk__in=stopped).values_list("identity", flat=True)
    Subscription.objects.get(pk=ten[0]).identity.__class__.objects.filter(pk__in=list(people)).update(
        marketing_stopped_at=NOON
    )
    for most in (1, 2, 50):
        assert walked(Asked(stopped=True), most=most, steps=steps) == stopped


def test_a_topic_means_who_receives_it(ten: list[int]) -> None:
    events, roads = Topic.objects.get(name="Eventi"), Topic.objects.get(name="Viabilità")
    only_events = {known(address(number)).subscription.pk for number in (0, 3, 6, 9)}
    assert walked(Asked(topic=events.pk), most=50) == ten  # who chose none receives all
    assert set(walked(Asked(topic=roads.pk), most=50)) == set(ten) - only_events


def test_a_way_means_how_they_came_last(ten: list[int], alice: Person, sender: Sender) -> None:
    one = known(address(4))
    consent.withdraw(one, at=at(1), source=Consent.Source.STAFF, by=alice)
    consent.say(
        [consent.Words(one, Consent.Action.GIVEN, at(2), Consent.Source.STAFF, sender_id=sender.pk, by=alice)]
    )
    assert walked(Asked(way="staff"), most=50) == [one.subscription.pk]
    assert len(walked(Asked(way="message"), most=50)) == 9
    assert walked(Asked(way="import"), most=50) == []


def test_days_bound_the_list_above_and_below(ten: list[int], town: Organization) -> None:
    day = timezone.localdate(NOON) - timedelta(days=4)
    since = {pk: timezone.localdate(at) for pk, at in Subscription.objects.values_list("pk", "since")}
    assert walked(Asked(since=day), most=3) == [pk for pk in ten if since[pk] >= day]
    assert walked(Asked(down_from=day), most=3) == [pk for pk in ten if since[pk] <= day]
    assert walked(Asked(since=day, down_from=day), most=3) == [pk for pk in ten if since[pk] == day]


def test_who_left_stands_in_a_list_of_their_own_the_latest_first(arrive: Arrive, ten: list[int]) -> None:
    arrive(*(message(address(number), "STOP", sent_at=at(number)) for number in (2, 5)))
    left = [known(address(number)).subscription.pk for number in (5, 2)]
    assert walked(Asked(left=True), most=1) == left
    assert walked(Asked(), most=4) == [pk for pk in ten if pk not in left]


def test_everybody_is_given_in_portions(ten: list[int]) -> None:
    assert [pk for portion in everybody(Asked(), many=3) for pk in portion] == ten
    assert [pk for portion in everybody(Asked(way="message"), many=3) for pk in portion] == ten


def test_an_address_that_says_nonsense_asks_for_the_whole_list(town: Organization) -> None:
    nonsense = QueryDict("chi=tutti&tema=999999&come=volo&ferme=si&dal=ieri&giorno=31/31/31")
    assert asked(nonsense, {1: "Eventi"}) == Asked()
    assert place("") is place("x") is place("1-") is place("-1") is place("9" * 40 + "-1") is None


def test_an_address_says_again_what_it_was_read_from(town: Organization) -> None:
    wanted = Asked(
        left=True, topic=1, way="import", stopped=True, since=date(2026, 1, 2), down_from=date(2026, 3, 4)
    )
    assert asked(QueryDict(wanted.query()[1:]), {1: "Eventi"}) == wanted
    assert asked(QueryDict(wanted.query(tema="")[1:]), {1: "Eventi"}).topic is None
    written = Place(NOON, 7).written()
    assert place(written) == Place(NOON, 7)
