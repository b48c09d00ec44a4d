# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One conversation, one voice."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.desk import handling
from arengo.desk.lists.listing import CLOSED, FREE
from arengo.desk.models import Assignment, Conversation
from arengo.platforms.contract import Nature
from tests.desk.listing import shown, waiting
from tests.desk.road import Writes, jobs
from tests.factories.desk import said
from tests.support.waiting import NEVER

pytestmark = pytest.mark.django_db


def test_who_takes_it_has_it_and_it_is_written_down(conversation: Conversation, olga: Person) -> None:
    handling.take(conversation, by=olga)
    conversation.refresh_from_db()
    assert conversation.assignee == olga
    assert Assignment.objects.get().action == "took"
    assert AuditEntry.objects.get(verb="desk.took").person == olga


def test_taking_twice_is_taking_once(conversation: Conversation, olga: Person) -> None:
    handling.take(conversation, by=olga)
    handling.take(conversation, by=olga)
    assert Assignment.objects.count() == 1


def test_who_comes_second_is_told_who_has_it(conversation: Conversation, olga: Person, bea: Person) -> None:
    handling.take(conversation, by=olga)
    with pytest.raises(handling.TakenByAnother, match="Olga Esempio"):
        handling.take(conversation, by=bea)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_at_once_one_wins(
    conversation: Conversation, olga: Person, bea: Person, esempio: Organization
) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def try_it(person: Person) -> None:
        try:
            with organization_scope(esempio):
                together.wait(NEVER)
                handling.take(conversation, by=person)
            outcomes.append("won")
        except handling.TakenByAnother:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(person,)) for person in (olga, bea)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == ["told", "won"]


def test_it_can_be_handed_to_a_colleague_of_the_desk_only(
    carlo: Person, conversation: Conversation, olga: Person, bea: Person, edo: Person
) -> None:
    handling.assign(conversation, to=bea, by=olga)
    conversation.refresh_from_db()
    assert conversation.assignee == bea
    for stranger in (edo, carlo):
        with pytest.raises(handling.HandlingRefused):
            handling.assign(conversation, to=stranger, by=olga)


def test_released_it_is_free_again(conversation: Conversation, olga: Person) -> None:
    handling.take(conversation, by=olga)
    handling.release(conversation, by=olga)
    assert shown(FREE, olga) == [conversation]


def test_closed_nobody_waits_any_more(conversation: Conversation, olga: Person) -> None:
    handling.close(conversation, by=olga)
    assert waiting() == 0
    assert shown(CLOSED, olga) == [conversation]
    with pytest.raises(handling.ConversationClosed):
        handling.take(conversation, by=olga)


def test_reopened_it_is_mine(conversation: Conversation, olga: Person, bea: Person) -> None:
    handling.close(conversation, by=olga)
    handling.reopen(conversation, by=bea)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.assignee) == ("open", bea)


def test_an_old_conversation_is_not_reopened_beside_a_newer_one(
    conversation: Conversation, olga: Person, write: Writes
) -> None:
    assert conversation.identity is not None
    handling.close(conversation, by=olga)
    write(said(conversation.identity, "Di nuovo io"))
    with pytest.raises(handling.HandlingRefused, match="più recente"):
        handling.reopen(conversation, by=olga)


def test_seen_by_an_operator_the_citizen_gets_blue_ticks_once(conversation: Conversation) -> None:
    handling.mark_seen(conversation)
    handling.mark_seen(conversation)
    conversation.refresh_from_db()
    assert conversation.unread == 0
    assert conversation.waiting_since is not None
    assert [job["typing"] for job in jobs("desk.mark_read")] == [False]


def test_what_came_after_the_page_stays_unread(
    conversation: Conversation, write: Writes, anna: Identity
) -> None:
    shown, last = conversation.incoming_count, conversation.messages.get().pk
    write(said(anna, "E il sabato?"))
    for _tab in range(2):
        conversation.refresh_from_db()
        handling.mark_seen(conversation, shown=shown, last=last)
    conversation.refresh_from_db()
    assert conversation.unread == 1
    assert [job["message_id"] for job in jobs("desk.mark_read")] == [last]
    handling.mark_seen(conversation)
    conversation.refresh_from_db()
    assert conversation.unread == 0
    assert len(jobs("desk.mark_read")) == 2


def test_a_page_that_is_older_than_what_was_read_takes_nothing_back(
    conversation: Conversation, write: Writes, anna: Identity
) -> None:
    older = conversation.incoming_count
    write(said(anna, "E il sabato?"))
    conversation.refresh_from_db()
    handling.mark_seen(conversation)
    handling.mark_seen(conversation, shown=older, last=1)
    conversation.refresh_from_db()
    assert conversation.unread == 0
    assert len(jobs("desk.mark_read")) == 1


@pytest.mark.parametrize("shown", [0, 10**18])
def test_a_number_that_no_page_showed_breaks_nothing(conversation: Conversation, shown: int) -> None:
    handling.mark_seen(conversation, shown=shown, last=shown)
    conversation.refresh_from_db()
    assert conversation.unread == (0 if shown else 1)


def test_what_an_edit_says_anew_is_unread_for_a_page_that_showed_it_as_it_was(
    conversation: Conversation, write: Writes, anna: Identity
) -> None:
    question = conversation.messages.get()
    shown = conversation.incoming_count
    handling.mark_seen(conversation)
    write(
        said(
            anna,
            "A che ora apre la biblioteca?",
            message_id="wamid.edit",
            nature=Nature.EDIT,
            about=question.platform_message_id,
        )
    )
    conversation.refresh_from_db()
    assert conversation.unread == 1
    handling.mark_seen(conversation, shown=shown, last=question.pk)
    conversation.refresh_from_db()
    assert conversation.unread == 1


def test_is_typing_is_told_while_somebody_waits(conversation: Conversation, olga: Person) -> None:
    handling.typing(conversation)
    assert [job["typing"] for job in jobs("desk.mark_read")] == [True]
    handling.close(conversation, by=olga)
    conversation.refresh_from_db()
    handling.typing(conversation)
    assert len(jobs("desk.mark_read")) == 1
