# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Only what a person writes to the organization counts as their word, and an edit is what they now say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience import arrivals
from arengo.audience.events import ConversationMoved
from arengo.audience.models import Consent, Contact, Edited, Identity, ListSettings
from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address, HandedOver, MessageReceived, Nature
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, BRUNO, at, known, message

Arrive = Callable[..., None]


def edit(text: str, of: MessageReceived, minutes: float, **fields: object) -> MessageReceived:
    return message(of.address, text, nature=Nature.EDIT, about=of.message_id, sent_at=at(minutes), **fields)


# --- what is not their word -----------------------------------------------------------------------------------


def test_a_group_subscribes_nobody_and_makes_nobody_known(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "ISCRIVIMI", nature=Nature.GROUP, detail="group"))
    assert (Contact.objects.count(), Consent.objects.count()) == (0, 0)
    assert (heard.written, heard.replies) == ([], [])


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "system"},
        {"kind": "reaction", "reaction_to": "wamid.ours"},
        {"nature": Nature.EDIT, "about": "wamid.unknown"},
        {"nature": Nature.DELETION, "about": "wamid.unknown", "kind": "unsupported"},
        {"nature": Nature.ECHO, "copy": True},
        {"nature": Nature.NOTICE, "kind": "hologram"},
    ],
)
def test_what_is_no_message_of_theirs_opens_no_window(arrive: Arrive, fields: dict[str, object]) -> None:
    arrive(message(ANNA))
    before = known(ANNA).last_wrote_at
    arrive(message(ANNA, sent_at=at(30), **fields))
    assert known(ANNA).last_wrote_at == before


@pytest.mark.parametrize("fields", [{"kind": "system"}, {"nature": Nature.ECHO, "copy": True}])
def test_a_notice_or_somebody_elses_words_make_nobody_known(
    arrive: Arrive, heard: Heard, fields: dict[str, object]
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", **fields))
    assert Identity.objects.count() == 0
    assert heard.written == []


def test_a_notice_that_says_iscrivimi_is_no_command(arrive: Arrive) -> None:
    arrive(message(ANNA), message(ANNA, "ISCRIVIMI", kind="system", sent_at=at(1)))
    assert Consent.objects.count() == 0


def test_a_pressed_button_is_their_word(arrive: Arrive) -> None:
    arrive(message(ANNA, "Iscrivimi", kind="choice", choice_id="arengo:join"))
    assert known(ANNA).subscription.active


# --- an edit is what they now say -----------------------------------------------------------------------------


def test_a_message_edited_to_cancellami_leaves_at_the_time_of_the_edit(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    question = message(ANNA, "Buongiorno", sent_at=at(1))
    arrive(question)
    arrive(edit("CANCELLAMI", question, 2))
    subscription = known(ANNA).subscription
    assert (subscription.active, subscription.ended_at) == (False, at(2))
    assert (heard.replies[-1].about, heard.replies[-1].edit != "") == (question.message_id, True)


def test_a_misspelt_join_that_is_put_right_joins(arrive: Arrive) -> None:
    wrong = message(ANNA, "ISCRIVMI")
    arrive(wrong)
    arrive(edit("ISCRIVIMI", wrong, 3))
    assert known(ANNA).subscription.since == at(3)


def test_a_join_that_is_edited_away_ends(arrive: Arrive, heard: Heard) -> None:
    join = message(ANNA, "ISCRIVIMI")
    arrive(join)
    arrive(edit("A che ora aprite?", join, 1))
    assert known(ANNA).subscription.active is False
    assert heard.written[-1].command == ""  # a person answers what they say now
    assert Consent.objects.filter(action="withdrawn", effective=True).count() == 1


def test_a_join_by_edit_that_is_edited_away_ends_too(arrive: Arrive) -> None:
    first = message(ANNA, "Salve")
    arrive(first, edit("ISCRIVIMI", first, 1), edit("Scusate", first, 2))
    assert known(ANNA).subscription.active is False


def test_another_message_edited_leaves_the_join_alone(arrive: Arrive) -> None:
    other = message(ANNA, "Salve")
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(1)), other, edit("Salve a tutti", other, 2))
    assert known(ANNA).subscription.active


def test_a_leave_that_is_edited_away_stays_a_leave(arrive: Arrive) -> None:
    leave = message(ANNA, "CANCELLAMI", sent_at=at(1))
    arrive(message(ANNA, "ISCRIVIMI"), leave, edit("Ho sbagliato", leave, 2))
    assert known(ANNA).subscription.active is False


@pytest.mark.parametrize("now", ["CANCELLAMI", "Ho cambiato idea"])
def test_an_edit_that_comes_before_its_message_counts_all_the_same(arrive: Arrive, now: str) -> None:
    join = message(ANNA, "ISCRIVIMI")
    arrive(edit(now, join, 1))
    arrive(join)
    assert not hasattr(known(ANNA), "subscription") or not known(ANNA).subscription.active


def test_the_same_in_one_batch_in_the_wrong_order(arrive: Arrive, heard: Heard) -> None:
    join = message(ANNA, "ISCRIVIMI")
    arrive(edit("CANCELLAMI", join, 1), join)
    assert known(ANNA).subscription.active is False


def test_an_edit_told_twice_counts_once(arrive: Arrive, heard: Heard) -> None:
    first = message(ANNA, "Salve")
    change = edit("ISCRIVIMI", first, 1)
    arrive(first, change)
    arrive(change)
    assert (Consent.objects.count(), Edited.objects.count()) == (1, 1)
    assert len(heard.replies) == 1


def test_an_edit_changes_nobody_elses_list(arrive: Arrive) -> None:
    join = message(ANNA, "ISCRIVIMI")
    arrive(join)
    arrive(message(BRUNO, "Altro", nature=Nature.EDIT, about=join.message_id, sent_at=at(1)))
    assert known(ANNA).subscription.active


@pytest.mark.parametrize("now", ["CANCELLAMI", "Ho cambiato idea", "ISCRIVIMI"])
@pytest.mark.parametrize("together", [False, True])
def test_an_edit_that_names_somebody_elses_message_and_comes_before_it_leaves_it_alone(
    arrive: Arrive, now: str, together: bool
) -> None:
    join = message(ANNA, "ISCRIVIMI")
    of_bruno = message(BRUNO, now, nature=Nature.EDIT, about=join.message_id, sent_at=at(1))
    for batch in [[of_bruno, join]] if together else [[of_bruno], [join]]:
        arrive(*batch)
    assert known(ANNA).subscription.active
    arrive(message(ANNA, "Ho cambiato idea", nature=Nature.EDIT, about=join.message_id, sent_at=at(2)))
    assert not known(ANNA).subscription.active, "their own edit still counts"


def test_an_edit_under_an_address_that_turns_out_to_be_the_same_persons_counts(arrive: Arrive) -> None:
    join = message(ANNA, "ISCRIVIMI")
    by_user_id = Address(user_id="IT.ANNA1")
    arrive(message(ANNA, "Salve"))
    arrive(message(by_user_id, "Ho cambiato idea", nature=Nature.EDIT, about=join.message_id, sent_at=at(1)))
    arrive(message(Address(phone=ANNA.phone, user_id="IT.ANNA1"), "Sono la stessa"))
    arrive(join)
    assert not hasattr(known(ANNA), "subscription") or not known(ANNA).subscription.active


def test_a_deleted_join_stays_a_join(arrive: Arrive) -> None:
    join = message(ANNA, "ISCRIVIMI")
    arrive(join)
    arrive(
        message(ANNA, "", kind="unsupported", nature=Nature.DELETION, about=join.message_id, sent_at=at(1))
    )
    assert known(ANNA).subscription.active


def test_edits_where_no_list_is_open_are_only_edits(arrive: Arrive, heard: Heard) -> None:
    ListSettings.objects.all().delete()
    first = message(ANNA, "Salve")
    arrive(first, edit("ISCRIVIMI", first, 1))
    assert (len(heard.written), heard.replies) == (2, [])


# --- read along -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "active"), [("ISCRIVIMI", True), ("CANCELLAMI", False)])
def test_a_command_to_another_responder_is_obeyed_and_not_answered(
    arrive: Arrive, heard: Heard, word: str, active: bool
) -> None:
    arrive(message(ANNA, "ISCRIVIMI" if not active else "Salve"))
    heard.replies.clear()
    arrive(message(ANNA, word, copy=True, sent_at=at(1)))
    assert known(ANNA).subscription.active is active
    assert heard.replies == []


def test_a_handover_tells_the_rooms_above_about_whom(
    arrive: Arrive, town: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(message(ANNA))
    told: list[ConversationMoved] = []
    monkeypatch.setitem(events._listeners, ConversationMoved, [lambda batch: told.extend(batch.events)])
    stranger = Address(user_id="IT.NOBODY")
    changes = [HandedOver(stranger, True, at(1)), HandedOver(ANNA, False, at(2), "primary")]
    arrivals.handed_over(Batch(town.pk, sender.pk, changes, "whatsapp"))
    assert told == [ConversationMoved(known(ANNA).pk, False, at(2), "primary")]
