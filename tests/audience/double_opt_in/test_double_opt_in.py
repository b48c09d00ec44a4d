# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the organization wants it, a join counts once the person has said so a second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import attention, consent, identities, privacy
from arengo.audience.consent import Words
from arengo.audience.double_opt_in.jobs import forget_pending
from arengo.audience.double_opt_in.models import Pending
from arengo.audience.events import Shown
from arengo.audience.models import Consent, Identity, ListSettings, Subscription, Topic
from arengo.audience.obeying import Said, obey_reading
from arengo.audience.overview import keeping as list_days
from arengo.audience.proofs import data, sheet
from arengo.audience.recipients import Recipients
from arengo.core import automatic
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, Sender
from arengo.delivery.queue import outbox
from arengo.desk.asking.models import Asked
from arengo.desk.models import Message
from arengo.platforms.contract import Address, Buttons, Text
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, citizen, consented, known, message
from tests.factories.delivery import accepted_as
from tests.factories.double_opt_in import ask_twice
from tests.factories.personal import PAGE, page_of

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]
Browse = Callable[..., Client]


@pytest.fixture
def asking(town: Organization) -> Organization:
    ask_twice()
    return town


def said(text: str, minutes: float = 0, address: Address = ANNA, **fields: object) -> object:
    return message(address, text, sent_at=timezone.now() + timedelta(minutes=minutes), **fields)


def pressed(choice: str = "confirm", minutes: float = 1) -> object:
    return said("Sì, confermo", minutes, kind="choice", choice_id=f"arengo:{choice}")


def listed(address: Address = ANNA) -> bool:
    return Subscription.objects.filter(identity=known(address), active=True).exists()


def rows() -> list[tuple[str, bool]]:
    return list(Consent.objects.order_by("pk").values_list("action", "effective"))


def test_it_is_off_until_somebody_wants_it(arrive: Arrive, town: Organization) -> None:
    assert not ListSettings.objects.get().double_opt_in
    arrive(said("ISCRIVIMI"))
    assert listed()
    assert not Pending.objects.exists()


def test_a_join_is_asked_about_and_is_no_subscription(
    arrive: Arrive, heard: Heard, asking: Organization, sender: Sender
) -> None:
    arrive(said("ISCRIVIMI", name="Anna Esempio"))
    assert not Subscription.objects.exists()
    assert rows() == [("wished", False)]
    assert Pending.objects.get().identity == known(ANNA)
    [reply] = heard.replies
    assert reply.kind == "audience.confirm"
    assert "Rispondi SÌ per confermare" in reply.text
    assert isinstance(reply.outgoing, Buttons)
    assert [choice.id for choice in reply.outgoing.choices] == ["arengo:confirm", "arengo:leave"]
    assert Asked.objects.get().options == [["Sì, confermo", ""], ["No", ""]]
    assert Recipients(sender=sender.pk).count() == 0
    today = list_days.today(asking)
    assert list_days.count(asking, today, today) == {}
    assert list_days.now(asking).listed == 0


@pytest.mark.parametrize("yes", ["Sì", "sì grazie", "Confermo", "SI!", "button"])
def test_a_yes_makes_it_one_with_the_welcome_and_what_was_chosen(
    arrive: Arrive, heard: Heard, asking: Organization, yes: str
) -> None:
    arrive(said("iscrivimi eventi"))
    heard.replies.clear()
    arrive(pressed() if yes == "button" else said(yes, 1))
    assert listed()
    assert rows() == [("wished", False), ("given", True)]
    wish, join = Consent.objects.order_by("pk")
    assert join.confirms == wish
    assert [topic.name for topic in Subscription.objects.get().topics.all()] == ["Eventi"]
    assert [reply.kind for reply in heard.replies] == ["audience.welcome"]
    assert not Pending.objects.exists()


def test_the_proof_holds_both_messages_and_both_answers(arrive: Arrive, asking: Organization) -> None:
    arrive(said("ISCRIVIMI"))
    arrive(said("Sì", 1))
    wish, join = Consent.objects.order_by("pk")
    shown = sheet.sheet(sheet.found(join.pk) or join, asking, None)
    texts = [quote.text for quote in shown.quotes]
    assert texts[0] == "ISCRIVIMI"
    assert "Rispondi SÌ" in texts[1]
    assert texts[2] == "Sì"
    assert "riceverai gli avvisi" in texts[3]
    assert {fact.name: fact.words for fact in shown.facts}["Conferma"].startswith(
        f"della richiesta n. {wish.pk}"
    )
    assert data.of(join, asking)["confirms_record"] == wish.pk
    alone = sheet.sheet(sheet.found(wish.pk) or wish, asking, None)
    assert "da confermare" in alone.title
    assert "serve la conferma" in alone.sentence
    assert "Effetto" not in {fact.name for fact in alone.facts}


@pytest.mark.parametrize("no", ["No", "CANCELLAMI", "non voglio più ricevere", "sì, cancellami"])
def test_a_no_ends_it(arrive: Arrive, asking: Organization, no: str) -> None:
    arrive(said("ISCRIVIMI"))
    arrive(said(no, 1))
    assert not Pending.objects.exists()
    arrive(pressed(minutes=2))
    assert not listed()


def test_a_join_that_arrives_after_a_later_leave_does_not_wait(arrive: Arrive, asking: Organization) -> None:
    arrive(said("CANCELLAMI", 5))
    arrive(said("ISCRIVIMI", 0))
    assert not Pending.objects.exists()


def test_a_yes_to_an_operator_confirms_nothing(
    arrive: Arrive, heard: Heard, sender: Sender, asking: Organization
) -> None:
    arrive(said("ISCRIVIMI"))
    outbox.enqueue(sender, ANNA, Text("Porta lei il modulo?"))
    arrive(said("Sì", 1))
    assert not listed()
    assert heard.written[-1].command == ""
    question = Message.objects.get(automatic="audience.confirm").delivery_id
    accepted_as(Delivery.objects.filter(pk=question), "wamid.domanda")
    arrive(said("Sì", 2, reply_to="wamid.domanda"))
    assert listed()


def test_it_expires_without_a_trace_but_the_log(arrive: Arrive, asking: Organization) -> None:
    arrive(said("ISCRIVIMI"))
    Pending.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    arrive(said("Sì", 1))
    assert not listed()
    forget_pending(0)
    assert not Pending.objects.exists()
    assert rows() == [("wished", False)]


def test_the_button_of_an_expired_question_asks_anew(
    arrive: Arrive, heard: Heard, asking: Organization
) -> None:
    arrive(said("ISCRIVIMI"))
    Pending.objects.update(expires_at=timezone.now() - timedelta(days=1))
    arrive(pressed(minutes=30))
    assert not listed()
    assert Pending.objects.get().expires_at > timezone.now()


def test_said_again_it_is_asked_at_most_some_times_a_day(
    arrive: Arrive, heard: Heard, asking: Organization
) -> None:
    for minute in range(12):
        arrive(said("ISCRIVIMI", minute))
    assert Message.objects.filter(automatic="audience.confirm").count() == 1, "within ten minutes"
    assert Pending.objects.count() == 1
    arrive(said("iscrivimi eventi", 13))
    arrive(pressed(minutes=14))
    assert [topic.name for topic in Subscription.objects.get().topics.all()] == ["Eventi"]


def test_a_thousand_joins_of_ten_people_wait_as_ten(arrive: Arrive, asking: Organization) -> None:
    people = [Address(phone=f"+39333000100{number}") for number in range(10)]
    for _round in range(5):
        arrive(*(said("ISCRIVIMI", address=person) for _time in range(20) for person in people))
    assert Pending.objects.count() == 10
    assert not Subscription.objects.exists()
    assert Message.objects.filter(automatic="audience.confirm").count() <= 20


def test_the_first_question_is_owed_and_a_repeated_message_is_known(
    arrive: Arrive, heard: Heard, asking: Organization
) -> None:
    one = said("ISCRIVIMI", message_id="wamid.uno")
    arrive(one)
    assert heard.replies[0].owed
    arrive(one)
    assert rows() == [("wished", False)]


def test_an_operator_who_reads_a_request_has_the_person_asked(
    arrive: Arrive, heard: Heard, asking: Organization, sender: Sender, edo: Person
) -> None:
    arrive(said("Buongiorno"))
    row = Message.objects.get()
    outcome = obey_reading(
        known(ANNA),
        "join",
        Said(
            row.platform_message_id,
            row.text,
            row.sent_at,
            sender.pk,
            True,
            Shown(row.pk, row.conversation_id),
        ),
        by=edo,
    )
    assert outcome is consent.Outcome.PENDING
    assert not listed()
    assert heard.replies[-1].kind == "audience.confirm"
    arrive(said("sì", 1))
    assert listed()


def test_the_own_page_and_an_import_are_not_asked_twice(
    asking: Organization, sender: Sender, edo: Person
) -> None:
    bruno, clara = citizen("Bruno Esempio"), citizen("Clara Esempio")
    page_of(bruno, sender).post(f"{PAGE}fai/list/", {"what": "join"})
    words = Words(
        clara, Consent.Action.GIVEN, timezone.now(), Consent.Source.IMPORT, sender_id=sender.pk, by=edo
    )
    consent.say([words])
    assert Subscription.objects.filter(active=True).count() == 2
    assert not Pending.objects.exists()


def test_the_own_page_confirms_what_waits(arrive: Arrive, asking: Organization, sender: Sender) -> None:
    arrive(said("iscrivimi eventi"))
    page_of(known(ANNA), sender).post(f"{PAGE}fai/list/", {"what": "join"})
    assert listed()
    assert not Pending.objects.exists()
    assert Consent.objects.latest("pk").confirms == Consent.objects.earliest("pk")


def test_switched_off_meanwhile_what_waits_can_still_be_confirmed(
    arrive: Arrive, asking: Organization
) -> None:
    arrive(said("ISCRIVIMI"))
    ask_twice(on=False)
    arrive(said("sì", 1))
    assert listed()


def test_who_is_on_the_list_is_not_asked(
    arrive: Arrive, heard: Heard, asking: Organization, sender: Sender
) -> None:
    ask_twice(on=False)
    arrive(said("ISCRIVIMI"))
    ask_twice()
    heard.replies.clear()
    arrive(said("ISCRIVIMI", 1), pressed(minutes=2))
    assert listed()
    assert {reply.kind for reply in heard.replies} == {"audience.already"}


def test_two_that_were_one_person_have_one_wish(arrive: Arrive, asking: Organization, sender: Sender) -> None:
    arrive(said("ISCRIVIMI"), said("ISCRIVIMI", address=Address(user_id="IT.ANNA")))
    identities.resolve("whatsapp", sender.pk, [Address(phone=ANNA.phone, user_id="IT.ANNA")])
    assert Pending.objects.count() == 1


def test_an_erasure_takes_it(arrive: Arrive, asking: Organization, alice: Person) -> None:
    arrive(said("ISCRIVIMI"))
    contact = known(ANNA).contact
    assert privacy.everything(contact)["joins_to_confirm"]
    privacy.erase(contact, by=alice)
    assert not Pending.objects.exists()
    assert Consent.objects.get().text == ""


# --- pages --------------------------------------------------------------------------------------------------------


def typed(**more: str) -> dict[str, str]:
    return {"legal_basis": "task", "minimum_age": "", "confirm_days": "5", **more}


def test_an_administrator_switches_it_on_and_the_question_with_it(
    town: Organization, browse: Browse, alice: Person
) -> None:
    automatic.switch(["audience.confirm"], on=False)
    page = browse(alice).get(reverse("settings:terms")).text
    assert "Doppia conferma" in page
    assert "Per legge non serve." in page
    assert browse(alice).post(reverse("settings:terms"), typed(double_opt_in="on")).status_code == 302
    own = ListSettings.objects.get()
    assert (own.double_opt_in, own.confirm_days) == (True, 5)
    assert "audience.confirm" in automatic.switched_on()


@pytest.mark.parametrize("days", ["", "0", "31", "-1", "sette", "1e3", "99999999999999999999"])
def test_days_that_are_none_are_refused(town: Organization, browse: Browse, alice: Person, days: str) -> None:
    answer = browse(alice).post(reverse("settings:terms"), typed(double_opt_in="on", confirm_days=days))
    assert answer.status_code == 422
    assert not ListSettings.objects.get().double_opt_in


def test_without_a_question_nobody_could_join_and_that_is_refused(
    asking: Organization, browse: Browse, alice: Person
) -> None:
    own = ListSettings.objects.get()
    answer = browse(alice).post(
        reverse("settings:list"),
        {
            "join_words": "ISCRIVIMI",
            "leave_words": "CANCELLAMI",
            "welcome_text": own.welcome_text,
            "confirm_text": "",
        },
    )
    assert answer.status_code == 422
    assert "nessuno potrebbe iscriversi" in answer.text
    ListSettings.objects.update(confirm_text="", double_opt_in=False)
    assert browse(alice).post(reverse("settings:terms"), typed(double_opt_in="on")).status_code == 422


def test_a_question_that_is_switched_off_is_a_warning(
    asking: Organization, browse: Browse, alice: Person
) -> None:
    automatic.switch(["audience.confirm"], on=False)
    assert "La domanda di conferma è spenta" in browse(alice).get(reverse("settings:terms")).text


def test_the_overview_and_the_card_count_them_apart(
    arrive: Arrive, asking: Organization, browse: Browse, edo: Person
) -> None:
    arrive(said("ISCRIVIMI", name="Anna Esempio"))
    [point] = [one for one in attention.points(edo.memberships.get()) if "in attesa di conferma" in one.title]
    assert point.title == "1 persona in attesa di conferma"
    card = browse(edo).get(reverse("audience:citizen", args=[known(ANNA).contact_id])).text
    assert "in attesa di conferma" in card
    assert "richiesta, da confermare" in card


def test_the_settings_of_another_town_do_not_count(
    arrive: Arrive, town: Organization, altrove: Organization
) -> None:
    with organization_scope(altrove):
        ListSettings.objects.create(double_opt_in=True, confirm_text="?")
    arrive(said("ISCRIVIMI"))
    assert listed()


def test_topics_of_the_wish_that_ended_meanwhile_are_not_everything(
    arrive: Arrive, asking: Organization
) -> None:
    arrive(said("iscrivimi eventi"))
    Topic.objects.filter(name="Eventi").update(ended_at=timezone.now())
    arrive(said("sì", 1))
    assert [topic.name for topic in Subscription.objects.get().topics.all()] == ["Eventi"]


def test_somebody_known_who_left_before_is_asked_again(
    arrive: Arrive, asking: Organization, sender: Sender
) -> None:
    ask_twice(on=False)
    person: Identity = citizen("Anna Esempio", phone=ANNA.phone)
    consented(person, sender, when=timezone.now() - timedelta(days=90))
    arrive(said("CANCELLAMI"))
    ask_twice()
    arrive(said("ISCRIVIMI", 1))
    assert not listed()
    arrive(pressed(minutes=2))
    assert listed()
