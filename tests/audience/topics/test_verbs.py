# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A topic or quarter is added, changed, removed, merged; its people are moved with it, counted, and moved back by an undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from arengo.audience.models import Quarter, Subscription, Topic
from arengo.audience.named_words import NamedWords, Token
from arengo.audience.recipients import Recipients
from arengo.audience.topics import counting, usage, verbs
from arengo.audience.topics.models import Change, Touched
from arengo.audience.topics.sorts import QUARTERS, TOPICS
from arengo.audience.topics.usage import Usage
from arengo.audience.topics.verbs import NotNow, Written
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from tests.factories.audience import citizen
from tests.factories.delivery import set_price
from tests.factories.retention import night


class Town:
    """Topics by their names, and people named after what they chose: «A», «AB», «-» for all."""

    def __init__(self, organization: Organization, sender: Sender) -> None:
        self.organization, self.sender = organization, sender
        Topic.objects.all().delete()
        self.topics = {
            name: Topic.objects.create(
                organization=organization, name=name, words=[f"parola {name}"], position=n
            )
            for n, name in enumerate("ABC")
        }

    def person(self, chose: str) -> Subscription:
        made: Subscription = Subscription.objects.create(
            organization=self.organization,
            identity=citizen(chose),
            sender_id=self.sender.pk,
            since=timezone.now(),
        )
        made.topics.set([self.topics[name] for name in chose if name != "-"])
        return made

    def pk(self, name: str) -> int:
        return int(self.topics[name].pk)


def chose(subscription: Subscription) -> str:
    return "".join(subscription.topics.order_by("name").values_list("name", flat=True)) or "-"


@pytest.fixture
def abc(town: Organization, sender: Sender) -> Town:
    return Town(town, sender)


# --- merging ------------------------------------------------------------------------------------------------------


def test_merging_moves_its_people_says_how_many_and_is_undone(abc: Town, alice: Person) -> None:
    people = [abc.person(chose) for chose in ("A", "AB", "B", "AC", "-", "C")]
    seen = counting.overlap(TOPICS, abc.pk("A"), abc.pk("B"))
    assert (seen.this, seen.other, seen.both, seen.after, seen.more) == (3, 2, 1, 4, 2)
    made = verbs.merge(TOPICS, abc.pk("A"), abc.pk("B"), by=alice)
    assert (made.people, [chose(one) for one in people]) == (3, ["B", "B", "B", "BC", "-", "C"])
    assert not Topic.in_use().filter(name="A").exists()
    people[2].topics.set([abc.topics["C"]])  # somebody chooses otherwise meanwhile: that stays
    people[3].topics.set([abc.topics["C"]])
    verbs.undo(made.pk, by=alice)
    assert [chose(one) for one in people] == ["A", "AB", "C", "C", "-", "C"]
    assert Topic.in_use().filter(name="A").exists()
    assert not Touched.objects.exists()
    assert AuditEntry.objects.filter(verb="audience.merged_topic").get().detail == {
        "name": "A",
        "people": 3,
        "into": "B",
    }


def test_the_words_of_what_was_merged_mean_what_it_went_into(abc: Town, alice: Person) -> None:
    verbs.merge(TOPICS, abc.pk("A"), abc.pk("B"), by=alice)
    verbs.merge(TOPICS, abc.pk("B"), abc.pk("C"), by=alice)
    named = NamedWords.of_organization()
    assert named.only(("parola", "a")) == Token(is_quarter=False, pk=abc.pk("C"))
    verbs.add(TOPICS, abc.organization, Written("A", []), by=alice)
    assert NamedWords.of_organization().only(("a",)) != Token(is_quarter=False, pk=abc.pk("C"))


def test_a_mailing_that_was_meant_for_what_is_merged_still_means_its_people(abc: Town, alice: Person) -> None:
    abc.person("A")
    abc.person("C")
    kept = Recipients(topics=(abc.pk("A"),)).as_json()
    verbs.merge(TOPICS, abc.pk("A"), abc.pk("B"), by=alice)
    assert Recipients.from_json(kept).count() == 1


# --- removing -----------------------------------------------------------------------------------------------------


def test_who_had_only_what_is_removed_never_gets_everything(abc: Town, alice: Person) -> None:
    only, several, everything = (abc.person(chose) for chose in ("A", "AB", "-"))
    made = verbs.remove(TOPICS, abc.pk("A"), to=None, by=alice)
    assert (chose(only), chose(several), chose(everything)) == ("A", "B", "-")
    assert [Recipients(topics=(abc.pk(name),)).count() for name in "BC"] == [
        2,
        1,
    ]  # who wants all, and who has it
    assert Recipients().count() == 3  # what is for everybody
    verbs.undo(made.pk, by=alice)
    assert (chose(only), chose(several)) == ("A", "AB")


def test_who_had_only_what_is_removed_goes_where_it_is_decided(abc: Town, alice: Person) -> None:
    people = [abc.person(chose) for chose in ("A", "AB", "A")]
    assert counting.overlap(TOPICS, abc.pk("A"), None).only == 2
    made = verbs.remove(TOPICS, abc.pk("A"), to=abc.pk("C"), by=alice)
    assert [chose(one) for one in people] == ["C", "B", "C"]
    people[1].topics.clear()  # by now they want everything
    verbs.undo(made.pk, by=alice)
    assert [chose(one) for one in people] == ["A", "-", "A"]


# --- changing -----------------------------------------------------------------------------------------------------


def test_a_topic_that_is_renamed_keeps_its_people_and_gets_its_name_back(abc: Town, alice: Person) -> None:
    person = abc.person("A")
    verbs.change(TOPICS, abc.pk("A"), Written("Z", ["zeta"], "06-01", "09-15"), place=3, by=alice)
    assert chose(person) == "Z"
    assert [topic.name for topic in Topic.in_use()] == ["B", "C", "Z"]
    verbs.undo(Change.objects.get().pk, by=alice)
    again = Topic.objects.get(pk=abc.pk("A"))
    assert (again.name, again.words, again.season_from) == ("A", ["parola A"], "")


def test_an_undo_that_would_clash_is_refused_and_changes_nothing(abc: Town, alice: Person) -> None:
    person = abc.person("A")
    made = verbs.merge(TOPICS, abc.pk("A"), abc.pk("B"), by=alice)
    verbs.add(TOPICS, abc.organization, Written("a", []), by=alice)
    with pytest.raises(NotNow, match="C’è già un tema"):
        verbs.undo(made.pk, by=alice)
    Topic.objects.get(name="a").delete()
    later = verbs.merge(TOPICS, abc.pk("B"), abc.pk("C"), by=alice)
    with pytest.raises(NotNow, match="annulla prima quello"):
        verbs.undo(made.pk, by=alice)
    assert chose(person) == "C"
    verbs.undo(later.pk, by=alice)
    verbs.undo(made.pk, by=alice)
    assert chose(person) == "A"
    with pytest.raises(NotNow, match="Non si può più annullare"):
        verbs.undo(made.pk, by=alice)


def test_after_seven_days_nobody_can_tell_who_was_moved(
    abc: Town, alice: Person, esempio: Organization
) -> None:
    abc.person("A")
    made = verbs.merge(TOPICS, abc.pk("A"), abc.pk("B"), by=alice)
    Change.objects.update(at=timezone.now() - timedelta(days=7, seconds=1))
    with pytest.raises(NotNow):
        verbs.undo(made.pk, by=alice)
    assert night(esempio, "audience.topic_changes") == 1
    assert not Change.objects.exists()
    assert not Touched.objects.exists()


def test_there_are_ceilings(abc: Town, alice: Person) -> None:
    for number in range(verbs.MOST - 3):
        verbs.add(TOPICS, abc.organization, Written(f"T{number}", []), by=alice)
    with pytest.raises(NotNow, match="Al massimo 20"):
        verbs.add(TOPICS, abc.organization, Written("Troppo", []), by=alice)
    for number in range(verbs.MOST_UNDONE + 5):
        verbs.change(TOPICS, abc.pk("A"), Written(f"A{number}", []), by=alice)
    assert Change.objects.count() == verbs.MOST_UNDONE


def test_what_is_gone_meanwhile_is_said(abc: Town, alice: Person) -> None:
    verbs.remove(TOPICS, abc.pk("A"), to=None, by=alice)
    with pytest.raises(NotNow, match="non c’è più"):
        verbs.merge(TOPICS, abc.pk("A"), abc.pk("B"), by=alice)
    with pytest.raises(NotNow, match="non c’è più"):
        verbs.merge(TOPICS, abc.pk("B"), abc.pk("B"), by=alice)
    with pytest.raises(NotNow, match="C’è già un tema"):
        verbs.change(TOPICS, abc.pk("B"), Written("C", []), by=alice)


# --- quarters, counts ---------------------------------------------------------------------------------------------


def test_quarters_are_moved_by_the_same_verbs(abc: Town, alice: Person) -> None:
    borgo = verbs.add(QUARTERS, abc.organization, Written("Borgo", []), by=alice)
    centro = verbs.add(QUARTERS, abc.organization, Written("Centro", []), by=alice)
    person, whole = abc.person("A"), abc.person("-")
    person.quarters.set([borgo])
    assert Recipients(quarters=(centro.pk,)).count() == 1
    verbs.merge(QUARTERS, borgo.pk, centro.pk, by=alice)
    assert list(person.quarters.all()) == [centro]
    assert list(whole.quarters.all()) == []
    assert Recipients(quarters=(borgo.pk,)).count() == 2
    assert list(Quarter.in_use()) == [centro]


def test_the_page_counts_who_receives_each_who_came_and_left_and_what_it_costs(
    abc: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chosen in ("A", "AB", "-"):
        abc.person(chosen)
    left = abc.person("A")
    Subscription.objects.filter(pk=left.pk).update(
        active=False, ended_at=timezone.now() + timedelta(minutes=1)
    )
    old = abc.person("A")
    Subscription.objects.filter(pk=old.pk).update(since=timezone.now() - timedelta(days=40))

    def source(since: object) -> Usage:
        found = Usage(category="marketing")
        found.topics.update({abc.pk("A"): 6})
        return found

    monkeypatch.setattr(usage, "_sources", [source])
    topics, _quarters = counting.both()
    a, b, _c = topics.lines
    assert (a.people, a.chosen, a.moved, b.people, topics.open) == (4, 3, "+2", 2, 1)
    assert (a.cost, b.cost) == ("non si sa", "nessun avviso in 90 giorni")
    set_price(abc.organization, "0.05")
    assert counting.both()[0].lines[0].cost == "€\N{NO-BREAK SPACE}0,40"  # four people, two a month


def test_a_season_may_go_over_new_year() -> None:
    beaches, skiing = (
        Topic(season_from="06-01", season_to="09-15"),
        Topic(season_from="12-01", season_to="03-31"),
    )
    days = [date(2026, *day) for day in ((1, 10), (6, 1), (9, 15), (9, 16), (12, 1))]
    assert [beaches.is_in_season(day) for day in days] == [False, True, True, False, False]
    assert [skiing.is_in_season(day) for day in days] == [True, False, False, False, True]
    assert Topic().is_in_season(days[0])
