# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arengo.audience import arrivals, consent
from arengo.audience.events import CitizenWrote
from arengo.audience.models import Consent, Contact, Identity, ListSettings, Policy, Subscription
from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.events import OptedOut
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.platforms.contract import Address, MessageReceived, PreferenceChanged
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, BRUNO, CLARA, NOON, at, known, message
from tests.support.waiting import NEVER

Arrive = Callable[..., None]


def test_a_new_citizen_becomes_a_contact_with_an_identity(arrive: Arrive, heard: Heard) -> None:
    written = message(ANNA, name="Anna Esempio", username="anna.e")
    arrive(written)
    person = known(ANNA)
    assert (person.contact.name, person.username, person.address) == ("Anna Esempio", "anna.e", ANNA)
    assert person.last_wrote_at == NOON
    assert heard.written == [CitizenWrote(person.contact_id, person.pk, written)]
    assert heard.replies == []


def test_a_citizen_without_a_phone_number_is_a_citizen_too(arrive: Arrive, heard: Heard) -> None:
    arrive(message(CLARA, "ISCRIVIMI", name="Clara Esempio"))
    assert known(CLARA).address == CLARA
    assert known(CLARA).subscription.active
    assert heard.written[0].command == "join"


def test_addresses_are_sealed_at_rest(arrive: Arrive) -> None:
    arrive(message(Address(phone="+393330000001", user_id="IT.ANNA0001")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM audience_identity i")
        [(row,)] = cursor.fetchall()
    assert "3330000001" not in row
    assert "ANNA0001" not in row
    assert b"3330000001".hex() not in row


def test_the_same_message_twice_in_a_batch_counts_once(arrive: Arrive, heard: Heard) -> None:
    twice = message(ANNA, "ISCRIVIMI")
    arrive(twice, twice)
    assert (len(heard.written), len(heard.replies), Consent.objects.count()) == (1, 1, 1)


def test_a_batch_repeated_leaves_one_contact_and_one_consent(arrive: Arrive) -> None:
    batch = [message(ANNA, "ISCRIVIMI"), message(BRUNO, "Buongiorno")]
    arrive(*batch)
    arrive(*batch)
    assert (
        Contact.objects.count(),
        Consent.objects.count(),
        Message.objects.filter(direction="in").count(),
    ) == (
        2,
        1,
        2,
    )


def test_names_follow_the_latest_message_and_are_not_lost(arrive: Arrive) -> None:
    arrive(
        message(ANNA, name="Anna"), message(ANNA, name="Anna E.", sent_at=at(2)), message(ANNA, sent_at=at(3))
    )
    assert known(ANNA).contact.name == "Anna E."


def test_when_they_wrote_never_goes_back_nor_into_the_future(arrive: Arrive) -> None:
    arrive(message(ANNA, sent_at=at(10)))
    arrive(message(ANNA, sent_at=at(5)))
    assert known(ANNA).last_wrote_at == at(10)
    arrive(message(ANNA, sent_at=timezone.now() + timedelta(hours=5)))
    assert known(ANNA).last_wrote_at <= timezone.now()


def test_a_reaction_opens_no_reply_window(arrive: Arrive) -> None:
    arrive(message(ANNA, "👍", kind="reaction", reaction_to="wamid.ours"))
    assert known(ANNA).last_wrote_at is None


# --- commands -------------------------------------------------------------------------------------------------


def test_joining_sends_the_notice_and_the_rules_once(
    arrive: Arrive, heard: Heard, town: Organization
) -> None:
    joined = message(ANNA, "Iscrivimi, grazie!")
    arrive(joined)
    [reply] = heard.replies
    assert reply.about == joined.message_id
    for part in (
        town.name,
        Policy.objects.get(kind="privacy").summary,
        Policy.objects.get(kind="rules").summary,
        "/informativa/",
        "/regole/",
        "CANCELLAMI",
    ):
        assert part in reply.text
    assert len(reply.text) <= 4096
    assert "{" not in reply.text


def test_leaving_is_confirmed_and_a_second_time_politely_answered(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(1)))
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(2)))
    settings = ListSettings.objects.get()
    expected = [settings.goodbye_text, settings.not_subscribed_text]
    assert [reply.text for reply in heard.replies[1:]] == [
        text.replace("{ente}", "Comune di Esempio") for text in expected
    ]


def test_a_question_about_leaving_is_answered_by_a_person(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(ANNA, "Come faccio a cancellarmi?", sent_at=at(1)))
    assert [event.command for event in heard.written] == ["join", ""]
    assert len(heard.replies) == 1
    assert known(ANNA).subscription.active


def test_an_empty_text_is_not_sent(arrive: Arrive, heard: Heard) -> None:
    ListSettings.objects.update(goodbye_text="", welcome_text="  ")
    arrive(message(ANNA, "ISCRIVIMI"), message(ANNA, "STOP", sent_at=at(1)))
    assert heard.replies == []
    assert Consent.objects.count() == 2


def test_a_town_that_has_not_opened_its_list_obeys_nothing(
    scope: Organization, sender: Sender, heard: Heard
) -> None:
    arrivals.receive(Batch(scope.pk, sender.pk, [message(ANNA, "ISCRIVIMI")], "whatsapp"))
    assert heard.written[0].command == ""
    assert Subscription.objects.count() == 0


def test_topics_named_with_the_join_are_kept(arrive: Arrive) -> None:
    arrive(message(ANNA, "Iscrivimi eventi e viabilità"))
    assert [topic.name for topic in known(ANNA).subscription.topics.all()] == ["Eventi", "Viabilità"]


def test_a_leave_that_arrives_before_its_join_still_wins(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(2)))
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(1)))
    assert not known(ANNA).subscription.active
    assert len(heard.replies) == 1  # the overtaken join gets no welcome


def test_a_join_and_a_leave_in_one_shuffled_batch_are_taken_in_their_order(arrive: Arrive) -> None:
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(2)), message(ANNA, "ISCRIVIMI", sent_at=at(1)))
    assert not known(ANNA).subscription.active
    assert list(Consent.objects.order_by("at").values_list("action", "effective")) == [
        ("given", True),
        ("withdrawn", True),
    ]


# --- what they told the platform ------------------------------------------------------------------------------


def test_who_stops_news_at_the_platform_stays_on_the_list(
    arrive: Arrive, town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    stop = PreferenceChanged(ANNA, wants_marketing=False, at=at(1))
    arrivals.preference_changed(Batch(town.pk, sender.pk, [stop], "whatsapp"))
    person = known(ANNA)
    assert (person.subscription.active, person.marketing_stopped_at) == (True, at(1))
    assert Consent.objects.filter(action="withdrawn").count() == 0


def test_who_resumes_news_is_where_they_were(arrive: Arrive, town: Organization, sender: Sender) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    for wants, minutes in ((False, 1), (True, 2)):
        change = PreferenceChanged(ANNA, wants_marketing=wants, at=at(minutes))
        arrivals.preference_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    person = known(ANNA)
    assert (person.subscription.active, person.marketing_stopped_at) == (True, None)


def test_a_stop_older_than_the_resume_changes_nothing(
    arrive: Arrive, town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    for wants, minutes in ((True, 5), (False, 2)):
        change = PreferenceChanged(ANNA, wants_marketing=wants, at=at(minutes))
        arrivals.preference_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    arrivals.opted_out(Batch(town.pk, sender.pk, [OptedOut("whatsapp", ANNA, at(3))]))
    assert known(ANNA).marketing_stopped_at is None


def test_a_resume_older_than_the_stop_changes_nothing(
    arrive: Arrive, town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    for wants, minutes in ((False, 5), (True, 2)):
        change = PreferenceChanged(ANNA, wants_marketing=wants, at=at(minutes))
        arrivals.preference_changed(Batch(town.pk, sender.pk, [change], "whatsapp"))
    assert known(ANNA).marketing_stopped_at == at(5)


def test_a_refusal_for_silence_is_the_same_as_a_stop(
    arrive: Arrive, town: Organization, sender: Sender
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    for _time in range(2):
        arrivals.opted_out(Batch(town.pk, sender.pk, [OptedOut("whatsapp", ANNA)]))
    assert known(ANNA).subscription.active
    assert known(ANNA).marketing_stopped_at is not None
    assert Consent.objects.filter(action="withdrawn").count() == 0


# --- many at once ---------------------------------------------------------------------------------------------


def _crowd(size: int) -> list[MessageReceived]:
    return [
        message(Address(phone=f"+39334{number:07}", user_id=f"IT.{number}"), name=f"N{number}")
        for number in range(size)
    ]


@pytest.mark.parametrize("known_before", [False, True])
def test_a_batch_costs_the_same_however_large(
    town: Organization, sender: Sender, known_before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_listeners", defaultdict(list))  # only what the audience itself asks

    def cost(size: int) -> int:
        if known_before:
            arrivals.receive(Batch(town.pk, sender.pk, _crowd(size), "whatsapp"))
        with CaptureQueriesContext(connection) as queries:
            arrivals.receive(Batch(town.pk, sender.pk, _crowd(size), "whatsapp"))
        Identity.objects.all().delete()
        return len(queries)

    assert cost(300) == cost(2) <= 12


@pytest.mark.django_db(transaction=True)
def test_two_readers_who_meet_the_same_new_person_make_one(esempio: Organization, sender: Sender) -> None:
    failures: list[BaseException] = []
    together = threading.Barrier(2, timeout=NEVER)

    def read(address: Address) -> None:
        try:
            with organization_scope(esempio), transaction.atomic():
                together.wait()
                arrivals.receive(Batch(esempio.pk, sender.pk, [message(address)], "whatsapp"))
        except Exception as error:  # noqa: BLE001  # shown by the test
            failures.append(error)
        finally:
            connection.close()

    readers = [
        threading.Thread(target=read, args=[address])
        for address in (ANNA, Address(phone=ANNA.phone, user_id="IT.ANNA0001"))
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(NEVER)
    assert failures == []
    with organization_scope(esempio):
        assert Identity.objects.count() == 1
        assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_join_and_a_leave_read_at_the_same_time_end_as_the_later_said(
    esempio: Organization, sender: Sender
) -> None:
    from arengo.audience.defaults import create_defaults

    create_defaults(esempio)
    with organization_scope(esempio), transaction.atomic():
        arrivals.receive(Batch(esempio.pk, sender.pk, [message(ANNA)], "whatsapp"))
        person = known(ANNA)
    together = threading.Barrier(2, timeout=NEVER)
    failures: list[BaseException] = []

    def say(action: str) -> None:
        try:
            with organization_scope(esempio), transaction.atomic():
                together.wait()
                if action == "join":
                    consent.give(person, at=at(1), message_id="j", text="ISCRIVIMI", sender_id=sender.pk)
                else:
                    consent.withdraw(person, at=at(2), source="message", message_id="l", text="STOP")
        except Exception as error:  # noqa: BLE001  # shown by the test
            failures.append(error)
        finally:
            connection.close()

    speakers = [threading.Thread(target=say, args=[action]) for action in ("join", "leave")]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join(NEVER)
    assert failures == []
    with organization_scope(esempio):
        assert not Subscription.objects.get().active
        assert Consent.objects.count() == 2
