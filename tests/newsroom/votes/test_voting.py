# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A press is a vote: counted in batches, changed until the closing, late afterwards; and nothing of it stays anywhere else."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from arengo.core.models import AuditEntry, AutomaticSwitch, Organization, Person
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Fanout, Sender
from arengo.desk.models import Conversation, Message
from arengo.intake.journal import PURPOSE
from arengo.intake.models import Journal
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base.contract import Unsendable
from arengo.newsroom.outlets.whatsapp_list import placing
from arengo.newsroom.votes import counting, hearing, jobs, keys, retention_rules, verbs
from arengo.newsroom.votes.models import Pending, Poll, PollWords, Voter
from arengo.platforms.contract import Buttons, Listing, Outgoing, Template, Text
from tests.factories import intake, webhooks
from tests.factories.newsroom import publish
from tests.factories.polls import PARKS, ballot, over, phone_of, poll_draft, press, sent_poll, vote

Votes = Callable[..., None]


def answers() -> list[Outgoing]:
    found = Delivery.objects.filter(fanout=None).order_by("pk")
    opened = (vault().open(each.outgoing_sealed, purpose="outgoing") for each in found)
    return [msgspec.json.decode(each, type=Outgoing) for each in opened]


def body_of(row: Journal) -> str:
    return vault().open(row.body_sealed, purpose=PURPOSE).decode()


# --- a vote ---------------------------------------------------------------------------------------------------------


def test_the_message_that_goes_out_has_a_button_for_each_answer_that_names_the_poll(poll: Poll) -> None:
    fanout = Fanout.objects.get()
    message = msgspec.json.decode(fanout.outgoing, type=Outgoing)
    assert isinstance(message, Template)
    assert message.name == "arengo_sondaggio_3"
    assert [button.value for button in message.buttons] == [
        *(ballot(poll, number) for number in (1, 2, 3)),
        "arengo:leave",
    ]
    values = {value.name: value.text for value in message.body}
    assert values["risposta_2"] == PARKS[1]
    assert values["indirizzo"].endswith(f"/sondaggi/{poll.update_id}/")
    assert (fanout.total, fanout.price_category) == (40, "marketing")


def test_a_vote_is_no_message_of_the_desk_and_is_answered_without_saying_what_it_was(
    poll: Poll, votes: Votes
) -> None:
    votes(2)
    assert Pending.objects.filter(poll=poll).count() == 1
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()
    [answer] = answers()
    assert isinstance(answer, Buttons)
    assert "Il tuo voto è arrivato" in answer.body
    assert [(each.id, each.title) for each in answer.choices] == [
        (f"arengo:poll:{poll.update_id}", "Cambia voto")
    ]


def test_its_raw_body_leaves_the_journal_and_so_does_a_second_telling_of_it(
    poll: Poll, sender: Sender
) -> None:
    webhook = webhooks.written(
        press(phone_of(1), ballot(poll, 2)), webhooks.message(phone_of(2), text="A che ora aprite?")
    )
    first, second = intake.arrive(sender, webhook), intake.arrive(sender, webhook)
    for [row] in (first, second):
        assert "arengo:poll" not in body_of(row)
        assert "A che ora aprite?" in body_of(row), "what else it brought stays"
        assert row.state == Journal.State.APPLIED
    assert Pending.objects.count() == 1
    assert Message.objects.get().text == "A che ora aprite?"


def test_many_votes_at_once_go_into_a_lane_and_leave_the_journal_too(poll: Poll, votes: Votes) -> None:
    votes(*[1 + number % 3 for number in range(150)])
    assert Pending.objects.count() == 150
    assert not Message.objects.exists()
    left = list(Journal.objects.all())
    assert len(left) == 150
    assert {row.state for row in left} == {Journal.State.APPLIED}
    assert not any("arengo:poll" in body_of(row) for row in left)


def test_of_a_webhook_with_a_problem_the_vote_that_counts_leaves_and_the_rest_waits_for_a_replay(
    poll: Poll, sender: Sender
) -> None:
    odd = {"id": "wamid.odd", "type": "text"}
    [row] = intake.arrive(sender, webhooks.written(press(phone_of(1), ballot(poll, 2)), odd))
    assert row.state == Journal.State.MARKED
    assert "arengo:poll" not in body_of(row)
    assert Pending.objects.count() == 1


def test_a_vote_that_could_not_be_applied_is_kept_to_be_applied_later(
    poll: Poll, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(hearing, "put", lambda *_arguments: 1 / 0)
        [row] = intake.arrive(sender, webhooks.written(press(phone_of(1), ballot(poll, 2))))
    assert row.state == Journal.State.MARKED
    assert "arengo:poll" in body_of(row)


@pytest.mark.parametrize(
    "value", ["99999999:1", "0:1", "{poll}:4", "{poll}:0", "{poll}:x", "x", "{poll}:", "-1"]
)
def test_what_is_no_press_of_ours_is_passed_over(poll: Poll, sender: Sender, value: str) -> None:
    choice = f"arengo:poll:{value.format(poll=poll.update_id)}"
    intake.arrive(sender, webhooks.written(press(phone_of(1), choice)))
    assert not Pending.objects.exists()
    assert not answers()


def test_somebody_who_left_or_never_was_on_the_list_may_vote(poll: Poll, sender: Sender) -> None:
    vote(sender, poll, "+393339999999", 1)
    over(poll)
    counting.close(poll.pk)
    assert Voter.objects.count() == 1


# --- counting -------------------------------------------------------------------------------------------------------


def test_nothing_is_counted_until_twenty_people_voted_and_ten_always_wait(poll: Poll, votes: Votes) -> None:
    votes(*[1] * 19)
    for _ in range(5):
        assert not counting.count(poll.pk)
    assert Poll.objects.get(pk=poll.pk).counted == [0, 0, 0]
    votes(2, first=20)
    assert counting.count(poll.pk)
    found = Poll.objects.get(pk=poll.pk)
    assert (found.votes, Voter.objects.count(), Pending.objects.count()) == (10, 10, 10)
    assert not counting.count(poll.pk), "ten are held back"


def test_one_person_who_presses_often_is_one_person(poll: Poll, votes: Votes) -> None:
    for _ in range(25):
        votes(1)
    assert not counting.count(poll.pk)


def test_the_last_vote_counts_whatever_was_counted_before(poll: Poll, votes: Votes) -> None:
    votes(*[1] * 30)
    assert counting.count(poll.pk)
    votes(*[2] * 30)
    assert counting.count(poll.pk)
    over(poll)
    assert counting.close(poll.pk)
    found = Poll.objects.get(pk=poll.pk)
    assert found.counted == [0, 30, 0]
    assert Voter.objects.count() == 30


def test_a_vote_that_comes_late_by_a_slow_webhook_does_not_undo_a_later_one(
    poll: Poll, sender: Sender
) -> None:
    now = time.time()
    vote(sender, poll, phone_of(1), 3, at=now)
    vote(sender, poll, phone_of(1), 1, at=now - 60)
    for number in range(2, 7):
        vote(sender, poll, phone_of(number), 2)
    over(poll)
    counting.close(poll.pk)
    assert Poll.objects.get(pk=poll.pk).counted == [0, 5, 1]


def test_the_closing_counts_all_and_its_keys_are_gone(
    poll: Poll, votes: Votes, keys_folder: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    votes(*[1, 2, 3, 2, 2, 1])
    over(poll)
    assert list(keys_folder.glob("*.key"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert counting.close(poll.pk)
    found = Poll.objects.get(pk=poll.pk)
    assert (found.state, found.counted, bytes(found.box)) == (Poll.State.CLOSED, [2, 3, 1], b"")
    assert not Pending.objects.exists()
    assert not list(keys_folder.glob("*.key"))
    with pytest.raises(keys.NoKey):
        keys.read(poll.code)
    assert not counting.close(poll.pk), "once"


def test_of_fewer_than_five_votes_only_their_number_is_told(poll: Poll, votes: Votes) -> None:
    votes(1, 2, 2, 1)
    over(poll)
    counting.close(poll.pk)
    found = Poll.objects.get(pk=poll.pk)
    assert (found.counted, found.register, found.counted_from) == ([4], "", {})
    assert PARKS[0] not in found.statement or '"counts":[]' in found.statement


def test_a_vote_after_the_closing_is_told_so_and_does_not_count(
    poll: Poll, sender: Sender, votes: Votes
) -> None:
    votes(*[1] * 6)
    over(poll)
    counting.close(poll.pk)
    vote(sender, poll, phone_of(9), 2)
    late = answers()[-1]
    assert isinstance(late, Text)
    assert late.body.startswith("La votazione è chiusa: questo voto non conta.")
    assert Poll.objects.get(pk=poll.pk).counted == [6, 0, 0]
    assert not Pending.objects.exists()


def test_a_vote_of_before_the_closing_time_counts_while_it_is_not_counted_yet(
    poll: Poll, sender: Sender
) -> None:
    over(poll)
    vote(sender, poll, phone_of(1), 2, at=time.time() - 60)
    vote(sender, poll, phone_of(2), 2, at=time.time() + 5)
    assert Pending.objects.count() == 1


def test_the_answers_come_as_a_list_and_as_buttons_where_they_fit(
    poll: Poll, voting: Organization, sender: Sender, edo: Person
) -> None:
    short = sent_poll(voting, edo, poll_draft(["Sì", "No"]))
    for each in (poll, short):
        intake.arrive(sender, webhooks.written(press(phone_of(1), f"arengo:poll:{each.update_id}")))
    listing, buttons = answers()
    assert isinstance(listing, Listing)
    assert [row.id for row in listing.sections[0].rows] == [ballot(poll, number) for number in (1, 2, 3)]
    assert PARKS[1] in listing.body
    assert listing.sections[0].rows[1].description == PARKS[1], "its title alone would be cut"
    assert isinstance(buttons, Buttons)
    assert [each.title for each in buttons.choices] == ["Sì", "No"]


def test_what_the_organization_wrote_is_said_and_what_it_switched_off_is_not(
    poll: Poll, votes: Votes, voting: Organization
) -> None:
    PollWords.objects.create(organization=voting, taken="Grazie! Fino a {fine}, {boh}", late="Tardi")
    votes(1)
    [answer] = answers()
    assert isinstance(answer, Buttons)
    assert answer.body.startswith("Grazie! Fino a ")
    assert answer.body.endswith(", {boh}")
    AutomaticSwitch.objects.filter(kind="newsroom.vote_taken").update(on=False)
    votes(1, first=2)
    assert len(answers()) == 1
    assert Pending.objects.count() == 2


# --- people ---------------------------------------------------------------------------------------------------------


def test_two_that_turn_out_to_be_one_person_have_one_vote(
    poll: Poll, votes: Votes, sender: Sender, voting: Organization
) -> None:
    votes(*[1] * 6)
    unnumbered = webhooks.message(
        None, "IT.ANNA0001", at=round(time.time()), type="button",
        button={"payload": ballot(poll, 2), "text": "Voto 2"},
    )  # fmt: skip
    intake.arrive(sender, webhooks.written(unnumbered))
    assert Pending.objects.count() == 7
    # A message with both: the two are one.
    intake.arrive(sender, webhooks.written(webhooks.message(phone_of(1), "IT.ANNA0001", text="Buongiorno")))
    over(poll)
    counting.close(poll.pk)
    found = Poll.objects.get(pk=poll.pk)
    assert found.votes == 6
    assert Voter.objects.count() == 6


def test_who_is_erased_while_it_is_open_takes_the_vote_along(
    poll: Poll, votes: Votes, voting: Organization
) -> None:
    votes(*[1] * 30)
    counting.count(poll.pk)
    voter = Voter.objects.select_related("identity__contact").first()
    assert voter is not None
    contact = voter.identity.contact_id
    assert retention_rules._of(contact) == [poll.question]
    retention_rules._erase(contact)
    over(poll)
    counting.close(poll.pk)
    assert Poll.objects.get(pk=poll.pk).votes == 29
    assert not Voter.objects.filter(identity__contact=contact).exists()


# --- its time -------------------------------------------------------------------------------------------------------


def test_the_job_closes_what_is_over_and_counts_what_is_not(
    poll: Poll, votes: Votes, voting: Organization
) -> None:
    votes(*[3] * 20)
    jobs.count_votes(0)
    assert Poll.objects.get(pk=poll.pk).votes == 10
    over(poll)
    jobs.count_votes(0)
    found = Poll.objects.get(pk=poll.pk)
    assert (found.state, found.votes) == (Poll.State.CLOSED, 20)


def test_one_closes_it_by_hand_once(poll: Poll, votes: Votes, edo: Person) -> None:
    votes(*[3] * 6)
    assert verbs.close_now(poll.pk, by=edo)
    assert not verbs.close_now(poll.pk, by=edo)
    assert AuditEntry.objects.filter(verb="newsroom.closed_poll", person=edo).count() == 1
    jobs.close(poll.organization_id, poll.pk)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.CLOSED


def test_without_its_key_a_poll_is_looked_for_and_then_lost_and_says_so(
    poll: Poll, votes: Votes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_TRIES", 3)
    votes(*[3] * 6)
    keys.destroy(poll.code)
    over(poll)
    for _ in range(2):
        counting.close(poll.pk)
        assert Poll.objects.get(pk=poll.pk).is_open
    counting.close(poll.pk)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.LOST
    assert AuditEntry.objects.filter(verb="newsroom.lost_poll").exists()


def test_keys_of_polls_that_are_over_or_nowhere_are_taken_away(
    poll: Poll, keys_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray, old = uuid.uuid4(), uuid.uuid4()
    keys.make(stray)
    keys.make(old)
    monkeypatch.setattr(keys, "kept", lambda: {poll.code: True, stray: False, old: True})
    assert counting.sweep() == 1
    assert {path.stem for path in keys_folder.glob("*.key")} == {str(poll.code), str(stray)}
    Poll.objects.filter(pk=poll.pk).update(state=Poll.State.CLOSED)
    assert counting.sweep() >= 1
    assert {path.stem for path in keys_folder.glob("*.key")} == {str(stray)}


def test_an_update_that_came_back_among_the_drafts_has_no_poll_until_it_is_sent_again(
    voting: Organization, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = publish(voting, writing.create(voting, poll_draft(outlets=("list",)), by=edo), edo)
    first = Poll.objects.get(update=update)

    def refuse(_placement: Placement) -> None:
        raise Unsendable("No.")

    with monkeypatch.context() as refused:
        refused.setattr(placing, "place", refuse)
        publishing.carry_out(voting.pk, update.pk)
    update.refresh_from_db()
    assert update.state == Update.State.DRAFT
    assert not Poll.objects.exists()
    publish(voting, update, edo, key="again")
    assert Poll.objects.get(update=update).code != first.code
