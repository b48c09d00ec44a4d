# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A pressed button reaches the room that registered its prefix: once, in order, and only if a person pressed it for us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from arengo.audience import answers, arrivals, choices
from arengo.audience.choices import Choice, ChoicePressed, Handled, PrefixTaken
from arengo.audience.events import Shown
from arengo.audience.models import Contact, Identity, ListSettings, Subscription, Topic
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation, Message
from arengo.intake import lanes, reader
from arengo.intake.events import MayWait
from arengo.intake.models import Journal
from arengo.platforms.contract import Address, MessageReceived, Nature
from tests.audience.hearing import Heard
from tests.factories import intake, webhooks
from tests.factories.audience import ANNA, BRUNO, CLARA, at, known, message

Arrive = Callable[..., None]


class Ballot:
    """A made-up room: what somebody pressed stands behind their name, one letter after the other."""

    def __init__(self) -> None:
        self.heard: list[ChoicePressed] = []
        self.on_the_list: list[bool] = []
        self.failing: dict[str, int] = {}  # how often it fails on a value
        self.for_people: set[str] = set()  # values
        self.answer = ""

    def __call__(self, batch: Batch[ChoicePressed]) -> Handled:
        for event in batch.events:
            contact = Contact.objects.get(pk=event.contact_id)
            contact.name += event.value
            contact.save()
            if self.failing.get(event.value, 0) > 0:
                self.failing[event.value] -= 1
                raise RuntimeError("a bug of theirs")
            self.on_the_list.append(
                Subscription.objects.filter(identity=event.identity, active=True).exists()
            )
        self.heard += batch.events
        return Handled(
            [event.reply(answers.WELCOME, self.answer) for event in batch.events if self.answer],
            {event.message.message_id for event in batch.events if event.value in self.for_people},
        )


@pytest.fixture
def ballot(monkeypatch: pytest.MonkeyPatch) -> Ballot:
    monkeypatch.setattr(choices, "_handlers", dict(choices._handlers))
    monkeypatch.setattr(reader, "_size", reader._Size())  # which failures make smaller
    ballot = Ballot()
    choices.register("ballot", ballot)
    return ballot


def press(address: Address, value: str, title: str = "Sì", **fields: Any) -> MessageReceived:
    return message(address, title, kind="choice", choice_id=f"arengo:ballot:{value}", **fields)


# --- who hears it -------------------------------------------------------------------------------------------------


def test_a_choice_is_told_with_who_pressed_it_and_needs_nobody(
    arrive: Arrive, ballot: Ballot, heard: Heard
) -> None:
    pressed = press(ANNA, "12:no", "No, grazie", sent_at=at(3))
    arrive(pressed)
    [event] = ballot.heard
    assert (event.prefix, event.value, event.message, event.at) == ("ballot", "12:no", pressed, at(3))
    assert (event.identity, event.contact_id) == (known(ANNA), known(ANNA).contact_id)
    assert [written.command for written in heard.written] == ["ballot"]
    shown = Message.objects.get()
    assert (shown.text, shown.kind, shown.command) == ("No, grazie", "choice", "ballot")
    assert (shown.conversation.state, shown.conversation.unread) == ("closed", 0)


def test_a_room_may_want_a_person_to_answer(arrive: Arrive, ballot: Ballot) -> None:
    ballot.for_people = {"help"}
    arrive(press(ANNA, "help", "Voglio parlare con qualcuno"), press(BRUNO, "a"))
    conversation = Conversation.objects.get(state="open")
    assert (conversation.identity, conversation.unread) == (known(ANNA), 1)
    assert conversation.messages.get().command == ""
    assert [event.value for event in ballot.heard] == ["help", "a"]


def test_a_room_answers_in_the_organizations_words(arrive: Arrive, ballot: Ballot, heard: Heard) -> None:
    ballot.answer = "Abbiamo preso nota."
    pressed = press(ANNA, "a")
    arrive(pressed)
    [reply] = heard.replies
    assert (reply.text, reply.about, reply.identity_id) == (
        "Abbiamo preso nota.",
        pressed.message_id,
        known(ANNA).pk,
    )
    assert Message.objects.get(direction="out").text == "Abbiamo preso nota."


def test_a_list_that_is_not_open_keeps_no_other_room_from_hearing(arrive: Arrive, ballot: Ballot) -> None:
    ListSettings.objects.all().delete()
    arrive(press(ANNA, "a"))
    assert known(ANNA).contact.name == "a"


@pytest.mark.parametrize("choice_id", ["arengo:gone:3", "arengo:", "arengo", "ballot:3", "other:ballot:3"])
def test_a_choice_that_nobody_registered_is_shown_as_what_it_says(
    arrive: Arrive, ballot: Ballot, choice_id: str
) -> None:
    arrive(message(ANNA, "Sì, d'accordo", kind="choice", choice_id=choice_id))
    conversation = Conversation.objects.get(state="open")
    assert (conversation.unread, conversation.messages.get().text) == (1, "Sì, d'accordo")
    assert ballot.heard == []


@pytest.mark.parametrize(
    "fields",
    [
        {"nature": Nature.GROUP},
        {"nature": Nature.ECHO, "copy": True},
        {"nature": Nature.EDIT, "about": "wamid.before"},
        {"nature": Nature.DELETION, "about": "wamid.before"},
        {"nature": Nature.NOTICE},
    ],
)
def test_only_what_a_person_said_to_us_is_a_choice(
    arrive: Arrive, ballot: Ballot, fields: dict[str, Any]
) -> None:
    arrive(message(ANNA), press(ANNA, "a", sent_at=at(1), **fields))
    assert ballot.heard == []


def test_a_choice_in_a_conversation_of_another_responder_counts_and_is_not_answered(
    arrive: Arrive, ballot: Ballot, heard: Heard
) -> None:
    ballot.answer, ballot.for_people = "Abbiamo preso nota.", {"a"}
    arrive(press(ANNA, "a", copy=True))
    assert known(ANNA).contact.name == "a"
    assert heard.replies == []
    assert Conversation.objects.get().unread == 0


def test_who_shows_no_number_is_heard_too(arrive: Arrive, ballot: Ballot) -> None:
    arrive(press(CLARA, "a"))
    assert [event.identity for event in ballot.heard] == [known(CLARA)]


def test_choices_may_wait_in_a_lane_of_their_own(town: Organization, ballot: Ballot) -> None:
    pressed, joined, copied = press(ANNA, "a"), message(BRUNO, "ISCRIVIMI"), press(CLARA, "a", copy=True)
    asked = MayWait([pressed, joined, copied, message(ANNA, "Buongiorno")])
    arrivals.may_wait(Batch(town.pk, 0, [asked], "whatsapp"))
    assert asked.lanes == {pressed.message_id: "ballot", joined.message_id: "join"}


# --- the list's own ------------------------------------------------------------------------------------------------


def test_the_buttons_of_old_templates_stay_understood(arrive: Arrive) -> None:
    assert (choices.id_of("join"), choices.id_of("leave")) == ("arengo:join", "arengo:leave")
    arrive(message(ANNA, "Sì, grazie", kind="choice", choice_id="arengo:join"))
    assert known(ANNA).subscription.active
    arrive(message(ANNA, "Basta così", kind="choice", choice_id="arengo:leave", sent_at=at(1)))
    assert not known(ANNA).subscription.active


def test_a_button_may_name_topics_and_only_those_of_the_organization_count(
    arrive: Arrive, altrove: Organization
) -> None:
    [first, second, *_others] = Topic.objects.order_by("pk")
    with organization_scope(altrove):
        elsewhere = Topic.objects.create(name="Altrove")
    value = f"{second.pk},{elsewhere.pk},x,-1,{2**80},,{first.pk}"
    arrive(message(ANNA, "Iscrivimi", kind="choice", choice_id=choices.id_of("join", value)))
    assert set(known(ANNA).subscription.topics.all()) == {first, second}


# --- order ---------------------------------------------------------------------------------------------------------


def test_choices_and_commands_of_one_batch_come_in_the_order_in_which_they_were_said(
    arrive: Arrive, ballot: Ballot
) -> None:
    arrive(
        press(ANNA, "c", sent_at=at(3)),
        message(ANNA, "ISCRIVIMI", sent_at=at(0)),
        message(BRUNO, "ISCRIVIMI", sent_at=at(2)),
        press(BRUNO, "x", sent_at=at(1)),
        press(ANNA, "b", sent_at=at(1)),
        message(ANNA, "CANCELLAMI", sent_at=at(2)),
    )
    assert known(ANNA).contact.name == "bc"
    listed = dict(zip([event.value for event in ballot.heard], ballot.on_the_list, strict=True))
    assert listed == {"b": True, "c": False, "x": False}
    assert known(BRUNO).subscription.active


def _first(_batch: Batch[ChoicePressed]) -> Handled:
    return Handled()


def _second(_batch: Batch[ChoicePressed]) -> Handled:
    return Handled()


def _third(_batch: Batch[ChoicePressed]) -> Handled:
    return Handled()


_HANDLERS = (_first, _second, _third)


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(_HANDLERS)), max_size=24))
def test_each_persons_choices_reach_the_handlers_once_and_in_their_order(
    said: list[tuple[int, choices.Handler]],
) -> None:
    pressed = [
        (handler, ChoicePressed(Identity(pk=person, contact_id=person), "p", str(n), message(), Shown()))
        for n, (person, handler) in enumerate(said)
    ]
    batches = list(choices.in_rounds(pressed))
    told: dict[int, list[tuple[choices.Handler, str]]] = defaultdict(list)
    for handler, events in batches:
        for event in events:
            told[event.contact_id].append((handler, event.value))
    wanted: dict[int, list[tuple[choices.Handler, str]]] = defaultdict(list)
    for handler, event in pressed:
        wanted[event.contact_id].append((handler, event.value))
    assert told == wanted
    turns = max((len(each) for each in wanted.values()), default=0)
    assert len(batches) <= turns * len(_HANDLERS)


def test_a_thousand_who_press_the_same_are_one_batch() -> None:
    pressed = [
        (_first, ChoicePressed(Identity(pk=n, contact_id=n), "p", "", message(), Shown()))
        for n in range(1000)
    ]
    [(handler, events)] = choices.in_rounds(pressed)
    assert (handler, len(events)) == (_first, 1000)


# --- registering ----------------------------------------------------------------------------------------------------


@given(st.text(max_size=20))
def test_an_id_says_again_what_it_was_made_of(value: str) -> None:
    assert choices.read(choices.id_of("join", value)) == Choice("join", value)


@given(st.text(max_size=30))
def test_whatever_comes_as_an_id_is_read_or_left_alone(choice_id: str) -> None:
    found = choices.read(choice_id)
    assert found is None or choice_id.startswith(f"arengo:{found.prefix}")


@pytest.mark.parametrize("prefix", ["", "Ballot", "bal lot", "bal:lot", "1st", "ballotballot"])
def test_a_prefix_that_ids_could_not_hold_is_refused(ballot: Ballot, prefix: str) -> None:
    with pytest.raises(ValueError, match="no prefix"):
        choices.register(prefix, ballot)


def test_a_prefix_has_one_handler(ballot: Ballot) -> None:
    choices.register("ballot", ballot)
    with pytest.raises(PrefixTaken, match="ballot"):
        choices.register("ballot", Ballot())


def test_no_button_is_made_of_what_could_be_no_prefix() -> None:
    with pytest.raises(ValueError, match="no prefix"):
        choices.id_of("no:body", "3")


# --- by webhooks ----------------------------------------------------------------------------------------------------


def button(phone: str, value: str, kind: str = "button_reply") -> dict[str, Any]:
    """As WhatsApp tells of a pressed button, of a list row, of a template's button."""
    pressed = {"id": f"arengo:ballot:{value}", "title": "Sì"}
    if kind == "button":
        return webhooks.message(phone, type="button", button={"payload": pressed["id"], "text": "Sì"})
    return webhooks.message(phone, type="interactive", interactive={"type": kind, kind: pressed})


def named(town: Organization) -> list[str]:
    with organization_scope(town):
        return list(Contact.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["button_reply", "list_reply", "button"])
def test_a_webhook_that_comes_twice_is_one_press(
    town: Organization, sender: Sender, ballot: Ballot, kind: str
) -> None:
    body = webhooks.written(button("+393330000001", "a", kind))
    assert intake.problems(intake.arrive(sender, body, body)) == []
    assert intake.problems(intake.arrive(sender, body)) == []
    assert named(town) == ["a"]
    assert len(ballot.heard) == 1


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_fails_once_still_hears_everything_exactly_once(
    town: Organization, sender: Sender, ballot: Ballot
) -> None:
    ballot.failing = {"c": 1}
    people = [f"+39333000000{n}" for n in range(4)]
    written = [webhooks.written(button(phone, value)) for value in "abcd" for phone in people]
    assert intake.problems(intake.arrive(sender, *written)) == []
    assert named(town) == ["abcd"] * 4


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_goes_on_failing_holds_up_nobody_else_and_is_made_up_for(
    town: Organization, sender: Sender, ballot: Ballot
) -> None:
    ballot.failing = {"c": 1000}
    together = [button("+393330000001", value) for value in "abcd"]
    rows = intake.arrive(sender, webhooks.written(*together), webhooks.written(button("+393330000002", "a")))
    assert named(town) == ["abd", "a"]
    assert [row.state for row in rows] == [Journal.State.MARKED, Journal.State.APPLIED]
    ballot.failing = {}
    reader.replay(rows[0].pk)
    while reader.read_batch():
        pass
    assert named(town) == ["abdc", "a"]


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_presses_waits_in_its_lane_and_is_handled_once(
    town: Organization, sender: Sender, ballot: Ballot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_MOST", 40)
    monkeypatch.setattr(lanes, "slices", lanes.Slices())
    crowd = [webhooks.written(button(f"+39333{n:07}", "a")) for n in range(150)]
    asks = webhooks.written(webhooks.message("+393339999999", text="A che ora aprite?"))
    intake.store(sender, [*crowd, asks])
    reader.read_batch()
    assert Message.unscoped.filter(text="A che ora aprite?").count() == 1
    assert 0 < len(ballot.heard) < 150
    intake.arrive(sender)
    assert sorted(named(town)) == ["", *["a"] * 150]
