# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody receives is changed by one verb, and each change is a row of a log that only grows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from arengo.audience import choosing, consent, frequencies, privacy, receiving
from arengo.audience.choosing import NotOffered, NotOnList, choose
from arengo.audience.frequencies import Frequency
from arengo.audience.merging import absorb
from arengo.audience.models import Identity, Quarter, Subscription, Topic
from arengo.audience.receiving import Names, Receives
from arengo.audience.topics.card import sentences_of
from arengo.audience.topics.models import Choosing
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import ANNA, at, citizen, known, message

Arrive = Callable[..., None]


@pytest.fixture
def anna(town: Organization, sender: Sender) -> Subscription:
    """On the list, for everything."""
    identity = citizen("Anna Esempio", phone="+393330000001")
    return consent.give(
        identity, at=at(0), message_id="wamid.a", text="Iscrivimi", sender_id=sender.pk
    ).subscription


@pytest.fixture
def eventi(town: Organization) -> Topic:
    found: Topic = Topic.objects.get(name="Eventi")
    return found


@pytest.fixture
def borgo(town: Organization) -> Quarter:
    found: Quarter = Quarter.objects.create(organization=town, name="Borgo", words=["borgo nuovo"])
    return found


@pytest.fixture
def digests(monkeypatch: pytest.MonkeyPatch) -> Frequency:
    """A made-up kind that registers the choice to which it belongs."""
    monkeypatch.setattr(frequencies, "_registered", {})
    made = Frequency("digests", "Solo il riepilogo", "solo con il riepilogo", ("riepilogo",))
    frequencies.register(made)
    return made


def test_each_part_is_changed_alone_and_the_log_says_what_changed(
    anna: Subscription, eventi: Topic, borgo: Quarter, digests: Frequency, olga: Person
) -> None:
    choose(anna, topics=[eventi.pk], way=Choosing.Way.BUTTON, at=at(1), text="Eventi", message_id="wamid.b")
    choose(
        anna,
        quarters=[borgo.pk],
        frequency="digests",
        way=Choosing.Way.STAFF,
        at=at(2),
        by=olga,
        text="Al telefono",
    )
    assert receiving.of(Subscription.objects.get()) == Receives(
        frozenset({eventi.pk}), frozenset({borgo.pk}), "digests"
    )
    first, second = Choosing.objects.order_by("at")
    assert (first.way, first.text, first.message_id, sentences_of(first.detail)) == (
        "button",
        "Eventi",
        "wamid.b",
        ["Ha aggiunto il tema Eventi."],
    )
    assert sentences_of(second.detail) == [
        "Ha scelto il quartiere Borgo.",
        "Quanto spesso: Solo il riepilogo.",
    ]
    assert (second.by, AuditEntry.objects.filter(verb="audience.chose", person=olga).count()) == (olga, 1)


def test_what_changes_nothing_is_no_change(anna: Subscription) -> None:
    choose(anna, topics=[], quarters=[], frequency="", way=Choosing.Way.PAGE, at=at(1))
    assert not Choosing.objects.exists()


def test_only_what_is_offered_can_be_chosen_and_what_ended_can_be_kept(
    anna: Subscription, eventi: Topic, altrove: Organization
) -> None:
    with organization_scope(altrove):
        theirs = Topic.objects.create(organization=altrove, name="Altrui")
    for wrong in ({"topics": [theirs.pk]}, {"topics": [eventi.pk, 10**9]}, {"frequency": "never"}):
        with pytest.raises(NotOffered):
            choose(anna, **wrong, way=Choosing.Way.PAGE, at=at(1))
    choose(anna, topics=[eventi.pk], way=Choosing.Way.PAGE, at=at(1))
    eventi.ended_at = at(2)
    eventi.save()
    other = Topic.in_use().first()
    choose(anna, topics=[eventi.pk, other.pk], way=Choosing.Way.PAGE, at=at(3))
    choose(anna, topics=[other.pk], way=Choosing.Way.PAGE, at=at(4))
    with pytest.raises(NotOffered):
        choose(anna, topics=[eventi.pk], way=Choosing.Way.PAGE, at=at(5))


def test_who_left_chooses_nothing(anna: Subscription, eventi: Topic) -> None:
    consent.withdraw(anna.identity, at=at(1), source="message")
    with pytest.raises(NotOnList):
        choose(anna, topics=[eventi.pk], way=Choosing.Way.PAGE, at=at(2))
    assert not Choosing.objects.exists()


@pytest.mark.django_db
def test_the_log_of_choices_only_grows(anna: Subscription, eventi: Topic) -> None:
    choose(anna, topics=[eventi.pk], way=Choosing.Way.PAGE, at=at(1))
    for change in (
        lambda: Choosing.objects.update(way="staff"),
        lambda: Choosing.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_after_an_erasure_a_choice_names_nobody_and_says_nothing(
    anna: Subscription, eventi: Topic, alice: Person
) -> None:
    choose(anna, topics=[eventi.pk], way=Choosing.Way.BUTTON, at=at(1), text="Eventi")
    contact = anna.identity.contact
    assert privacy.export(contact, by=alice)["choices"][0]["topics_added"] == ["Eventi"]
    privacy.erase(contact, by=alice)
    left = Choosing.objects.get()
    assert (left.identity, left.text, sentences_of(left.detail)) == (None, "", [])


def test_choices_follow_the_person_when_two_identities_are_one(
    anna: Subscription, eventi: Topic, sender: Sender
) -> None:
    choose(anna, topics=[eventi.pk], way=Choosing.Way.PAGE, at=at(1))
    other = citizen("", user_id="IT.ANNA")
    absorb(other, Identity.objects.get(pk=anna.identity_id), sender.pk)
    assert Choosing.objects.get().identity == other


def test_a_quarter_is_named_with_a_join_and_a_bare_join_is_to_everything(
    arrive: Arrive, borgo: Quarter, eventi: Topic
) -> None:
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(1)))
    arrive(message(ANNA, "Iscrivimi al quartiere Borgo", sent_at=at(2)))
    subscription = Subscription.objects.get(identity=known(ANNA))
    assert receiving.of(subscription) == Receives(frozenset({eventi.pk}), frozenset({borgo.pk}))
    arrive(message(ANNA, "Iscrivimi", sent_at=at(3)))
    assert receiving.of(Subscription.objects.get()) == Receives()
    assert [sentences_of(one.detail) for one in Choosing.objects.order_by("at")] == [
        ["Ha scelto il quartiere Borgo."],
        ["Riceve di nuovo tutti i temi.", "Riceve di nuovo gli avvisi di tutta la città."],
    ]


def test_the_sentence_says_what_where_when_and_on_what(
    anna: Subscription, borgo: Quarter, digests: Frequency
) -> None:
    topics = Topic.objects.filter(name__in=["Viabilità", "Emergenze"])
    chosen = Receives(frozenset(topic.pk for topic in topics), frozenset({borgo.pk}))
    said = Names.read().to_staff(chosen, "WhatsApp")
    assert said == "Riceve Viabilità ed Emergenze del quartiere Borgo, appena escono, su WhatsApp."
    said = Names.read().to_staff(Receives(frequency="digests"), "WhatsApp")
    assert said == "Riceve tutti i temi di tutta la città, solo con il riepilogo, su WhatsApp."
    assert (
        Names.read()
        .to_staff(Receives(frequency="gone"), "WhatsApp")
        .endswith("solo le allerte, su WhatsApp.")
    )


def test_a_frequency_is_offered_once_its_kind_registers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequencies, "_registered", {})
    assert list(frequencies.offered()) == []
    frequencies.register(Frequency("alerts", "Solo le allerte", "solo le allerte", order=90))
    frequencies.register(Frequency("digests", "Solo il riepilogo", "solo con il riepilogo", order=20))
    assert [one.key for one in frequencies.offered()] == ["", "digests", "alerts"]
    with pytest.raises(ValueError, match="taken"):
        frequencies.register(Frequency("alerts", "Altro", "altro"))


def test_many_who_join_again_are_recorded_with_few_statements(
    town: Organization, sender: Sender, eventi: Topic, django_assert_max_num_queries: Callable[..., object]
) -> None:
    people = [citizen("") for _ in range(30)]
    words = [
        consent.Words(
            one, "given", at(1), "message", f"wamid.{n}", "Iscrivimi eventi", sender.pk, (eventi.pk,)
        )
        for n, one in enumerate(people)
    ]
    consent.say(words)
    again = [
        consent.Words(one, "given", at(2), "message", f"wamid.x{n}", "Iscrivimi", sender.pk)
        for n, one in enumerate(people)
    ]
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]  # a context manager
        consent.say(again)
    assert Choosing.objects.count() == len(people)
    assert choosing.LONGEST_TEXT > 0
