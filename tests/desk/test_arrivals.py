# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens write, the desk has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arengo.audience.events import ReplyWanted
from arengo.audience.models import Identity
from arengo.core.models import LiveEvent, Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Sender, Timeline
from arengo.delivery.timeline import beginning
from arengo.delivery.timeline.models import Cause
from arengo.desk import handling, inbox
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import Nature
from tests.desk.road import Writes, jobs, sent
from tests.factories.audience import citizen
from tests.factories.delivery import accepted_as, make_sender
from tests.factories.desk import photo_said, said

pytestmark = pytest.mark.django_db


def test_a_citizen_who_writes_waits_for_us(write: Writes, anna: Identity) -> None:
    write(said(anna, "A che ora apre l'anagrafe?"))
    conversation = Conversation.objects.get()
    message = conversation.messages.get()
    assert message.text == "A che ora apre l'anagrafe?"
    assert conversation.waiting_since == message.sent_at
    assert (conversation.unread, conversation.last_message_id) == (1, message.pk)
    assert inbox.waiting_count() == 1


def test_what_they_write_next_goes_on_in_the_same_conversation(write: Writes, anna: Identity) -> None:
    first = said(anna, "Buongiorno")
    write(first)
    write(said(anna, "ci siete?"), said(anna, "?"))
    conversation = Conversation.objects.get()
    assert [message.text for message in conversation.messages.order_by("pk")] == [
        "Buongiorno",
        "ci siete?",
        "?",
    ]
    assert conversation.unread == 3
    assert conversation.waiting_since == first.message.sent_at


def test_the_same_message_twice_is_one(write: Writes, anna: Identity) -> None:
    event = said(anna)
    write(event, event)
    write(event)
    assert Message.objects.count() == 1
    assert Conversation.objects.get().unread == 1


def test_after_a_closed_conversation_a_new_one_opens(write: Writes, anna: Identity, olga: Person) -> None:
    write(said(anna))
    handling.close(Conversation.objects.get(), by=olga)
    write(said(anna, "Un'altra cosa"))
    states = Conversation.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["closed", "open"]


def test_the_screens_are_told(write: Writes, anna: Identity) -> None:
    write(said(anna))
    topics = set(LiveEvent.objects.values_list("topic", flat=True))
    assert topics == {"inbox", f"conversation:{Conversation.objects.get().pk}"}


def test_a_command_is_shown_but_nobody_waits(write: Writes, anna: Identity) -> None:
    write(said(anna, "ISCRIVIMI", command="join"))
    conversation = Conversation.objects.get()
    assert conversation.messages.get().text == "ISCRIVIMI"
    assert conversation.state == "closed"
    assert conversation.unread == 0
    assert inbox.waiting_count() == 0


def test_a_command_within_a_conversation_leaves_it_as_it_is(write: Writes, anna: Identity) -> None:
    write(said(anna, "Buongiorno"))
    since = Conversation.objects.get().waiting_since
    write(said(anna, "ISCRIVIMI", command="join"))
    conversation = Conversation.objects.get()
    assert conversation.messages.count() == 2
    assert (conversation.unread, conversation.waiting_since) == (1, since)


def test_a_command_and_a_question_at_once_make_one_conversation(write: Writes, anna: Identity) -> None:
    write(said(anna, "ISCRIVIMI", command="join"), said(anna, "Siete aperti?"))
    assert Conversation.objects.get().state == "open"
    assert inbox.waiting_count() == 1


def test_our_words_in_answer_to_a_command_are_sent_and_shown_once(
    write: Writes, answer_by_itself: Writes, anna: Identity
) -> None:
    command = said(anna, "ISCRIVIMI", command="join")
    write(command)
    wanted = ReplyWanted(
        anna.contact_id, anna.pk, "Benvenuta", command.message.message_id, "audience.welcome"
    )
    answer_by_itself(wanted)
    answer_by_itself(wanted)
    answer = Message.objects.get(direction="out")
    assert (answer.text, answer.automatic, answer.author) == ("Benvenuta", "audience.welcome", None)
    assert sent(answer).body == "Benvenuta"  # type: ignore[union-attr]  # it is a text
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("minutes", "state"), [(-5, DeliveryState.WITHHELD), (5, DeliveryState.QUEUED)])
def test_a_command_of_before_a_restore_is_not_answered_again_by_itself(
    write: Writes, answer_by_itself: Writes, anna: Identity, minutes: int, state: DeliveryState
) -> None:
    """It stood unread in the backup, and was answered in the time that is lost; a later one comes for the first time."""
    saved_at = timezone.now() - timedelta(hours=1)
    with transaction.atomic():
        beginning.begin(Cause.INSTALLED)
        Timeline.objects.update(moved_at=saved_at)
        beginning.begin(Cause.RESTORE, lost_from=saved_at)
    command = said(anna, "ISCRIVIMI", command="join", sent_at=saved_at + timedelta(minutes=minutes))
    write(command)
    answer_by_itself(
        ReplyWanted(anna.contact_id, anna.pk, "Benvenuta", command.message.message_id, "audience.welcome")
    )
    assert Delivery.objects.get().state == state


def test_an_automatic_answer_does_not_end_the_waiting(
    write: Writes, answer_by_itself: Writes, anna: Identity
) -> None:
    command = said(anna, "ISCRIVIMI", command="join")
    write(said(anna, "Siete aperti?"), command)
    answer_by_itself(
        ReplyWanted(anna.contact_id, anna.pk, "Benvenuta", command.message.message_id, "audience.welcome")
    )
    assert inbox.waiting_count() == 1


def test_words_that_the_platform_would_refuse_do_not_stop_the_reader(
    write: Writes, answer_by_itself: Writes, anna: Identity
) -> None:
    command = said(anna, "ISCRIVIMI", command="join")
    write(command)
    answer_by_itself(
        ReplyWanted(anna.contact_id, anna.pk, "x" * 4097, command.message.message_id, "audience.welcome")
    )
    answer = Message.objects.get(direction="out")
    assert answer.delivery is None
    assert "4" in answer.failure


def test_a_reaction_stands_on_the_message_that_it_is_about(write: Writes, anna: Identity) -> None:
    first = said(anna, "Grazie")
    write(first)
    write(said(anna, "👍", kind="reaction", reaction_to=first.message.message_id))
    message = Message.objects.get()
    assert message.citizen_reaction == "👍"
    write(said(anna, "", kind="reaction", reaction_to=first.message.message_id))
    message.refresh_from_db()
    assert message.citizen_reaction == ""


def test_a_reaction_to_our_message_is_found_by_what_the_platform_called_it(
    write: Writes, answer_by_itself: Writes, anna: Identity
) -> None:
    command = said(anna, "ISCRIVIMI", command="join")
    write(command)
    answer_by_itself(
        ReplyWanted(anna.contact_id, anna.pk, "Benvenuta", command.message.message_id, "audience.welcome")
    )
    accepted_as(Delivery.objects.all(), "wamid.ours")
    write(said(anna, "❤️", kind="reaction", reaction_to="wamid.ours"))
    assert Message.objects.get(direction="out").citizen_reaction == "❤️"


def test_a_quoted_message_is_linked_even_within_one_batch(write: Writes, anna: Identity) -> None:
    first = said(anna, "Prima")
    write(first, said(anna, "Seconda", reply_to=first.message.message_id))
    assert Message.objects.get(text="Seconda").reply_to == Message.objects.get(text="Prima")


def test_a_photo_is_fetched_by_a_job_of_the_same_transaction(write: Writes, anna: Identity) -> None:
    write(photo_said(anna, "La buca"))
    attachment = Attachment.objects.get()
    assert attachment.state == "pending"
    assert jobs("desk.fetch_media") == [
        {"organization_id": attachment.organization_id, "attachment_id": attachment.pk}
    ]


def test_an_unknown_kind_is_kept_as_unsupported(write: Writes, anna: Identity) -> None:
    write(said(anna, "", kind="hologram"))
    assert Message.objects.get().kind == "unsupported"


def test_a_zero_byte_in_a_text_does_no_harm(write: Writes, anna: Identity) -> None:
    write(said(anna, "a\x00b"))
    assert Message.objects.get().text == "ab"


def test_a_platform_clock_ahead_of_ours_opens_no_longer_window(write: Writes, anna: Identity) -> None:
    write(said(anna, sent_at=timezone.now() + timedelta(hours=2)))
    wrote_at = Conversation.objects.get().citizen_wrote_at
    assert wrote_at is not None
    assert wrote_at <= timezone.now()


def test_a_batch_of_two_hundred_costs_as_many_queries_as_one_of_two(
    write: Writes, scope: Organization
) -> None:
    def cost(number: int) -> int:
        events = [said(citizen(f"Prova {position}")) for position in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            write(*events)
        return len(captured)

    cost(1)  # makes the desk
    few, many = cost(2), cost(200)
    assert many <= few + 2
    assert few <= 14


def test_conversations_are_held_in_one_order_until_the_reader_commits(
    write: Writes, anna: Identity, olga: Person
) -> None:
    """Those of messages that come after their edits, those that the batch writes into, those with what it edits."""
    people = [citizen("Bruno Esempio"), citizen("Clara Esempio"), anna]
    write(*(said(who, message_id=f"wamid.{who.pk}") for who in people))
    early = said(anna, "10", nature=Nature.EDIT, about="wamid.late")
    write(early)
    handling.close(Conversation.objects.get(identity=people[1]), by=olga)
    command = said(people[1], "ISCRIVIMI", command="join")
    edit = said(people[0], "11", nature=Nature.EDIT, about=f"wamid.{people[0].pk}")
    with CaptureQueriesContext(connection) as captured:
        write(
            command, *(said(who) for who in reversed(people[::2])), edit, said(anna, message_id="wamid.late")
        )
    locks = [each["sql"] for each in captured if "FOR NO KEY UPDATE" in each["sql"]]
    assert [each.count('ORDER BY "desk_conversation"."id" ASC FOR NO KEY UPDATE') for each in locks] == [
        1
    ] * 4
    assert [word in sql for word, sql in zip(_LOCKED, locks, strict=True)] == [True] * 4, locks


_LOCKED = ('"id" = ANY', '"identity_id" = ANY', "DISTINCT ON", '"id" = ANY')


def test_a_conversation_that_only_a_command_reaches_is_held_too(
    write: Writes, anna: Identity, olga: Person
) -> None:
    """An older edit that another reader applies at the same moment would lose what it says about who waits."""
    write(said(anna))
    handling.close(Conversation.objects.get(), by=olga)
    with CaptureQueriesContext(connection) as captured:
        write(said(anna, "CANCELLAMI", command="leave"))
    found = [each["sql"] for each in captured if "desk_conversation" in each["sql"]]
    assert all("FOR NO KEY UPDATE" in sql for sql in found if sql.startswith("SELECT"))
    assert Conversation.objects.get().state == "closed"


def test_of_one_that_is_new_and_closed_no_screen_is_told(write: Writes, anna: Identity) -> None:
    write(said(anna, "ISCRIVIMI", command="join"))
    assert set(LiveEvent.objects.values_list("topic", flat=True)) == {"inbox"}


def test_two_numbers_of_an_organization_hold_two_conversations(
    write: Writes, anna: Identity, sender: Sender, scope: Organization
) -> None:
    from arengo.core.events import Batch
    from arengo.desk import arrivals

    second = make_sender(scope, "Secondo numero", credentials=sender.credentials)
    write(said(anna))
    arrivals.citizen_wrote(Batch(scope.pk, second.pk, [said(anna)]))
    assert Conversation.objects.filter(state="open").count() == 2
