# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people answer: with the button, in words, on their page. A «yes» is proved, a «no» is a leave, all else is for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from arengo.audience import consent, identities, privacy
from arengo.audience.commands import Parser
from arengo.audience.models import Consent, Identity, ListSettings, Subscription
from arengo.audience.proofs import data, sheet
from arengo.audience.proofs.models import Told
from arengo.audience.reasons import Reason
from arengo.audience.renewals.models import Asking, Renewal
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, Sender
from arengo.delivery.queue import outbox
from arengo.desk.models import Message
from arengo.platforms.contract import Address, Nature, Text
from tests.audience.hearing import Heard
from tests.factories.audience import citizen, consented, message
from tests.factories.delivery import accepted_as, mailing
from tests.factories.personal import PAGE, page_of
from tests.factories.renewals import ask_everybody, end

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]
ANNA = Address(phone="+393330000001")
_LATER = timedelta(minutes=5)


@pytest.fixture
def anna(town: Organization, sender: Sender, people: list[Identity]) -> Identity:
    person = citizen("Anna Esempio", phone=ANNA.phone)
    consented(person, sender, when=timezone.now() - timedelta(days=200))
    return person


@pytest.fixture
def renewal(town: Organization, sender: Sender, alice: Person, anna: Identity) -> Renewal:
    return ask_everybody(town, sender, alice)


def said(text: str, **fields: object) -> object:
    return message(ANNA, text, **{"sent_at": timezone.now() + _LATER, **fields})


def pressed(renewal: int, **fields: object) -> object:
    return said("Accetto", kind="choice", choice_id=f"arengo:renew:{renewal}", **fields)


def state(person: Identity) -> str:
    return str(Asking.objects.filter(identity=person).latest("pk").state)


def listed(person: Identity) -> bool:
    return bool(Subscription.objects.get(identity=person).active)


def confirmed(person: Identity) -> list[Consent]:
    return list(Consent.objects.filter(identity=person, action="confirmed").order_by("pk"))


def test_the_button_is_written_down_with_the_question_that_it_answers(
    arrive: Arrive, heard: Heard, town: Organization, anna: Identity, renewal: Renewal
) -> None:
    arrive(pressed(renewal.pk, message_id="wamid.si"))
    [row] = confirmed(anna)
    assert (row.message_id, row.text, row.way, row.source) == ("wamid.si", "Accetto", "button", "message")
    assert (row.reason, row.effective) == ("", False)
    assert state(anna) == Asking.State.ACCEPTED
    asking = Asking.objects.get(identity=anna)
    question = Told.objects.filter(consent=row).earliest("pk")
    assert (question.text, question.policy, question.rules) == (asking.mailing.text, renewal.policy, None)
    assert (question.delivery_id, question.at) == (asking.delivery_id, asking.at)
    assert [reply.kind for reply in heard.replies] == ["audience.accepted"]
    assert town.name in heard.replies[0].text
    assert listed(anna)


def test_the_proof_shows_question_answer_and_the_text_whole(
    arrive: Arrive, town: Organization, anna: Identity, renewal: Renewal
) -> None:
    arrive(pressed(renewal.pk))
    [row] = confirmed(anna)
    shown = sheet.sheet(sheet.found(row.pk) or row, town, None)
    assert shown.title == "Prova dell’accettazione di una nuova versione"
    assert "ha accettato la nuova versione" in shown.sentence
    first, second, *thanks = shown.quotes
    assert "l’ente, domanda" in first.note
    assert "La accetti?" in first.text
    assert second.text == "Accetto"
    assert "Grazie" in thanks[0].text
    assert any("Il testo nuovo, per intero." in annex.text for annex in shown.annexes)
    facts = {fact.name: fact.words for fact in shown.facts}
    assert facts["Che cosa"] == "Accettazione di una nuova versione"
    assert "versione 2" in facts["Testi mostrati"]
    assert "Effetto" not in facts
    assert data.of(row, town)["answers"][0]["privacy_shown"] == 2


@pytest.mark.parametrize(
    "text", ["Sì", "si", "SÌ!", "accetto", "Accetto, grazie", "Confermo", "ok accetto", "Sì, accetto."]
)
def test_words_count_as_the_button(
    arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal, text: str
) -> None:
    arrive(said(text))
    assert [(row.text, row.way) for row in confirmed(anna)] == [(text, "message")]
    assert state(anna) == Asking.State.ACCEPTED
    assert [event.command for event in heard.written] == ["yes"]


@pytest.mark.parametrize("text", ["No", "no grazie", "NO!", "Non accetto", "non confermo"])
def test_no_leaves_like_any_other_leave(
    arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal, text: str
) -> None:
    arrive(said(text))
    assert not listed(anna)
    row = Consent.objects.filter(identity=anna).latest("pk")
    assert (row.action, row.reason, row.text) == ("withdrawn", Reason.UNSUBSCRIBED, text)
    assert state(anna) == Asking.State.LEFT
    assert [reply.kind for reply in heard.replies] == ["audience.goodbye"]


@pytest.mark.parametrize(
    "text", ["CANCELLAMI", "sì, cancellami", "Accetto ma cancellami dalla lista", "basta"]
)
def test_leaving_words_win(arrive: Arrive, anna: Identity, renewal: Renewal, text: str) -> None:
    arrive(said(text))
    assert not listed(anna)
    assert confirmed(anna) == []


@pytest.mark.parametrize(
    "text", ["Sì?", "Che cosa devo accettare?", "Sì, domani alle 9", "Non so", "Accetto l’appuntamento"]
)
def test_what_is_no_plain_answer_is_for_people(
    arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal, text: str
) -> None:
    arrive(said(text))
    assert state(anna) == Asking.State.WAITING
    assert [event.command for event in heard.written] == [""]
    assert heard.replies == []


def test_a_yes_to_an_operator_is_no_answer_to_the_list(
    arrive: Arrive, heard: Heard, sender: Sender, anna: Identity, renewal: Renewal
) -> None:
    outbox.enqueue(sender, ANNA, Text("Porta lei il modulo?"))
    arrive(said("Sì"))
    assert state(anna) == Asking.State.WAITING
    assert [event.command for event in heard.written] == [""], "an operator waits for it"
    arrive(said("Accetto la nuova informativa"))
    assert state(anna) == Asking.State.ACCEPTED, "this names what is accepted"


def test_a_yes_after_another_mailing_is_for_people(
    arrive: Arrive, sender: Sender, anna: Identity, renewal: Renewal
) -> None:
    mailing(sender, [ANNA])
    arrive(said("no"))
    assert listed(anna)
    assert state(anna) == Asking.State.WAITING


def test_a_yes_that_quotes_the_question_counts_whatever_was_written_since(
    arrive: Arrive, sender: Sender, anna: Identity, renewal: Renewal
) -> None:
    asking = Asking.objects.get(identity=anna)
    accepted_as(Delivery.objects.filter(pk=asking.delivery_id), "wamid.domanda")
    outbox.enqueue(sender, ANNA, Text("Porta lei il modulo?"))
    arrive(said("sì", reply_to="wamid.altro"))
    assert state(anna) == Asking.State.WAITING
    arrive(said("sì", reply_to="wamid.domanda"))
    assert state(anna) == Asking.State.ACCEPTED


def test_while_nothing_is_asked_yes_and_no_are_messages_like_others(
    arrive: Arrive, heard: Heard, anna: Identity
) -> None:
    for text in ("sì", "no", "accetto"):
        assert Parser.of_organization().text(text) is None
        arrive(said(text))
    assert listed(anna)
    assert {event.command for event in heard.written} == {""}


def test_who_was_not_asked_answers_nothing(arrive: Arrive, heard: Heard, renewal: Renewal) -> None:
    arrive(message(Address(phone="+393330000777"), "sì", sent_at=timezone.now()))
    assert [event.command for event in heard.written] == [""]
    assert not Consent.objects.filter(action="confirmed").exists()


def test_pressed_twice_it_is_written_down_once(arrive: Arrive, anna: Identity, renewal: Renewal) -> None:
    arrive(pressed(renewal.pk), pressed(renewal.pk))
    arrive(pressed(renewal.pk))
    arrive(said("sì"))
    assert len(confirmed(anna)) == 1


def test_an_old_question_is_no_answer_to_a_newer_one(
    arrive: Arrive, town: Organization, sender: Sender, alice: Person, anna: Identity, renewal: Renewal
) -> None:
    end(renewal)
    newer = ask_everybody(town, sender, alice, "stay")
    arrive(pressed(renewal.pk))
    assert Asking.objects.get(renewal=newer, identity=anna).state == Asking.State.WAITING
    assert Asking.objects.get(renewal=renewal, identity=anna).state == Asking.State.ACCEPTED
    [row] = confirmed(anna)
    assert Told.objects.filter(consent=row).earliest("pk").policy == renewal.policy


@pytest.mark.parametrize("value", ["", "0", "abc", "999999999999999999999", "1:2", "-1"])
def test_a_button_of_nobodys_changes_nothing(
    arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal, value: str
) -> None:
    arrive(said("Accetto", kind="choice", choice_id=f"arengo:renew:{value}"))
    assert confirmed(anna) == []
    assert heard.replies == []


def test_somebody_elses_button_is_not_theirs(
    arrive: Arrive, town: Organization, sender: Sender, anna: Identity, renewal: Renewal
) -> None:
    stranger = Address(phone="+393330000888")
    arrive(message(stranger, "Accetto", kind="choice", choice_id=f"arengo:renew:{renewal.pk}"))
    assert not Consent.objects.filter(action="confirmed").exists()


def test_who_left_and_accepts_later_is_told_how_to_come_back(
    arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal
) -> None:
    arrive(said("CANCELLAMI"))
    heard.replies.clear()
    arrive(pressed(renewal.pk, sent_at=timezone.now() + 2 * _LATER))
    assert not listed(anna)
    assert confirmed(anna) == []
    assert "ISCRIVIMI" in heard.replies[0].text


def test_iscrivimi_is_a_wish_to_stay_and_no_acceptance(
    arrive: Arrive, anna: Identity, renewal: Renewal
) -> None:
    arrive(said("ISCRIVIMI"))
    assert state(anna) == Asking.State.STAYS
    assert confirmed(anna) == []
    end(renewal)
    assert listed(anna)
    arrive(pressed(renewal.pk))
    assert state(anna) == Asking.State.ACCEPTED


def test_the_answer_can_be_left_out(arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal) -> None:
    ListSettings.objects.update(accepted_text="")
    arrive(pressed(renewal.pk))
    assert state(anna) == Asking.State.ACCEPTED
    assert heard.replies == []


def test_another_responders_conversation_counts_and_is_not_answered(
    arrive: Arrive, heard: Heard, anna: Identity, renewal: Renewal
) -> None:
    arrive(pressed(renewal.pk, copy=True))
    assert state(anna) == Asking.State.ACCEPTED
    assert heard.replies == []


def test_an_edit_into_a_yes_counts_from_then(arrive: Arrive, anna: Identity, renewal: Renewal) -> None:
    arrive(said("Come?", message_id="wamid.prima"))
    arrive(said("Sì", nature=Nature.EDIT, about="wamid.prima", message_id="wamid.poi"))
    assert state(anna) == Asking.State.ACCEPTED


def test_hundreds_answer_at_once_with_the_same_statements(
    arrive: Arrive,
    town: Organization,
    sender: Sender,
    alice: Person,
    people: list[Identity],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    renewal = ask_everybody(town, sender, alice)
    answers = [
        message(
            person.address,
            "Accetto",
            kind="choice",
            choice_id=f"arengo:renew:{renewal.pk}",
            sent_at=timezone.now() + _LATER,
        )
        for person in people
    ]
    with django_assert_max_num_queries(75):
        arrive(*answers)
    assert Asking.objects.filter(state=Asking.State.ACCEPTED).count() == 5


# --- the personal page --------------------------------------------------------------------------------------------


def test_the_page_asks_and_a_press_is_the_word(
    town: Organization, sender: Sender, anna: Identity, renewal: Renewal
) -> None:
    client = page_of(anna, sender)
    shown = client.get(PAGE).text
    assert "Una nuova versione da accettare" in shown
    assert "Il testo nuovo, breve." in shown
    asking = Asking.objects.get(identity=anna)
    answer = client.post(f"{PAGE}fai/renewal/", {"asking": asking.pk, "what": "yes"}, follow=True)
    assert "hai accettato la nuova versione" in answer.text
    [row] = confirmed(anna)
    assert (row.source, row.way) == ("page", "page")
    told = Told.objects.get(consent=row)
    assert (told.delivery_id, told.policy) == (0, renewal.policy)
    quotes = sheet.sheet(sheet.found(row.pk) or row, town, None).quotes
    assert "mostrata nella pagina personale" in quotes[0].note
    assert "Una nuova versione da accettare" not in client.get(PAGE).text


def test_no_on_the_page_leaves(sender: Sender, anna: Identity, renewal: Renewal) -> None:
    asking = Asking.objects.get(identity=anna)
    page_of(anna, sender).post(f"{PAGE}fai/renewal/", {"asking": asking.pk, "what": "no"})
    assert not listed(anna)
    assert state(anna) == Asking.State.LEFT


@pytest.mark.parametrize("asked", ["", "0", "abc", "99999999999999999999", "another's"])
def test_the_page_answers_only_the_question_that_it_showed(
    sender: Sender, people: list[Identity], anna: Identity, renewal: Renewal, asked: str
) -> None:
    if asked == "another's":
        asked = str(Asking.objects.get(identity=people[0]).pk)
    answer = page_of(anna, sender).post(f"{PAGE}fai/renewal/", {"asking": asked, "what": "yes"})
    assert "non è più aperta" in answer.text
    assert confirmed(anna) == []


# --- whose it is --------------------------------------------------------------------------------------------------


def test_two_that_were_one_person_have_one_answer(
    arrive: Arrive, town: Organization, sender: Sender, alice: Person, anna: Identity
) -> None:
    same = citizen("Anna Esempio", user_id="IT.ANNA")
    consented(same, sender, when=timezone.now() - timedelta(days=100))
    renewal = ask_everybody(town, sender, alice)
    arrive(pressed(renewal.pk))
    identities.resolve("whatsapp", sender.pk, [Address(phone=ANNA.phone, user_id="IT.ANNA")])
    [left] = Asking.objects.filter(renewal=renewal, identity__contact__name="Anna Esempio")
    assert left.state == Asking.State.ACCEPTED


def test_an_erasure_takes_who_was_asked_and_leaves_the_log(
    arrive: Arrive, alice: Person, anna: Identity, renewal: Renewal
) -> None:
    arrive(pressed(renewal.pk))
    assert privacy.everything(anna.contact)["asked_again"][0]["state"] == "accepted"
    privacy.erase(anna.contact, by=alice)
    assert not Asking.objects.filter(identity_id=anna.pk).exists()
    row = Consent.objects.get(action="confirmed")
    assert (row.identity, row.text, row.message_id) == (None, "", "")


def test_a_confirmation_is_nobodys_joining(
    arrive: Arrive, town: Organization, anna: Identity, renewal: Renewal
) -> None:
    before = Subscription.objects.get(identity=anna)
    arrive(pressed(renewal.pk))
    after = Subscription.objects.get(identity=anna)
    assert (after.since, after.active) == (before.since, True)
    rows = Consent.objects.filter(identity=anna, effective=True)
    assert [row.action for row in rows] == ["given"]
    consent.withdraw(anna, at=timezone.now() + 3 * _LATER, source=Consent.Source.MESSAGE)
    assert not listed(anna)


def test_the_desk_shows_the_answer_and_waits_for_nobody(
    arrive: Arrive, anna: Identity, renewal: Renewal
) -> None:
    arrive(said("sì"))
    row = Message.objects.get(text="sì")
    assert row.command == "yes"
