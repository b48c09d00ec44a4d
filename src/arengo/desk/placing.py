# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conversation that each message of a batch goes to: the open one, a new one, or the latest where nobody must answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from arengo.audience.events import CitizenWrote
from arengo.core import bulk
from arengo.core.events import Batch
from arengo.desk.desks import desk_for
from arengo.desk.latest import settle_latest
from arengo.desk.models import Conversation, Message

_MOVING = ("citizen_wrote_at", "unread", "incoming_count", "waiting_since")


@dataclass
class Places:
    """The conversation of each identity of a batch; ``created``: those of the batch's own, nobody else sees them yet.

    Those have ids, and are stored by :meth:`store_created`; the others are locked.
    """

    of: dict[int, Conversation] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)  # ids

    def note(self, event: CitizenWrote, message: Message) -> None:
        """What the message changes of its conversation, in memory: the window, what is unread, since when somebody waits."""
        conversation, said = self.of[event.identity_id], event.message
        if said.nature.opens_window:
            conversation.citizen_wrote_at = max(
                filter(None, (conversation.citizen_wrote_at, min(message.sent_at, message.received_at)))
            )
        if said.wants_answer and not event.command:
            conversation.unread += 1
            conversation.incoming_count += 1
            conversation.waiting_since = min(filter(None, (conversation.waiting_since, message.sent_at)))

    def store_created(self, messages: Sequence[Message] = ()) -> None:
        """Inserts the batch's own, each with the last of its messages, which get their ids here and are stored after it."""
        if not self.created:
            return
        for message, pk in zip(messages, bulk.draw_ids(Message, len(messages)), strict=True):
            message.pk = pk
        own = {each.pk: each for each in self.of.values() if each.pk in self.created}
        for message in sorted(messages, key=lambda message: (message.sent_at, message.pk)):
            if conversation := own.get(message.conversation_id):
                conversation.last_message_id, conversation.last_message_at = message.pk, message.sent_at
        bulk.insert(list(own.values()))

    def store_moved(self, messages: Sequence[Message]) -> None:
        """Writes what :meth:`note` changed of the others, once their messages are stored: two statements for all."""
        added = {message.conversation_id for message in messages} - self.created
        moved = {each.pk: each for each in self.of.values() if each.pk in added}
        bulk.update(moved.values(), _MOVING)
        settle_latest(moved.keys())


def place(batch: Batch[CitizenWrote], events: Sequence[CitizenWrote]) -> Places:
    """The open conversation of each identity; a new one where a person must answer.

    A command alone opens nothing: it goes to the citizen's latest conversation or to a new one that is closed from
    the start, so that thousands who join the list do not stand in the operators' way. What nobody said to us (notices,
    others' words, deletions) goes to a conversation that there is, or nowhere.

    Locks what it finds, FOR NO KEY UPDATE and by id: the open conversations, those that it opened, the latest ones.
    """
    places = Places()
    identities = {event.identity_id: event.contact_id for event in events}
    if not identities:
        return places
    for_people = {event.identity_id for event in events if event.message.nature.is_said and not event.command}
    commanding = {event.identity_id for event in events if event.command}
    known = {event.identity_id for event in events if not event.fresh}
    places.of = _open_ones(batch.sender_id, known)
    missing = [pk for pk in identities if pk not in places.of]
    opened = [pk for pk in missing if pk in for_people]
    may_be_new = any(pk in for_people or pk in commanding for pk in missing)
    desk = desk_for(batch.organization_id, batch.sender_id) if may_be_new else 0
    if opened:
        bulk.insert(
            [_new(batch, identities[pk], pk, Conversation.State.OPEN, desk) for pk in opened],
            ignore_conflicts=True,  # another reader may open it at this very moment
        )
        places.of |= _open_ones(batch.sender_id, opened)
    unasked = [pk for pk in missing if pk not in for_people]
    if asked := [pk for pk in unasked if pk in known]:
        of_them = Conversation.objects.filter(sender_id=batch.sender_id, identity__among=asked)
        latest = of_them.order_by("identity_id", "-id").distinct("identity_id")
        places.of |= _locked(Conversation.objects.filter(pk__in=latest.values("pk")))
    created = {
        pk: _new(batch, identities[pk], pk, Conversation.State.CLOSED, desk)
        for pk in unasked
        if pk not in places.of and pk in commanding
    }
    for conversation, pk in zip(created.values(), bulk.draw_ids(Conversation, len(created)), strict=True):
        conversation.pk = pk
    places.of |= created
    places.created = {conversation.pk for conversation in created.values()}
    return places


def _open_ones(sender_id: int, identities: Collection[int]) -> dict[int, Conversation]:
    if not identities:
        return {}
    return _locked(
        Conversation.objects.filter(
            sender_id=sender_id, identity__among=identities, state=Conversation.State.OPEN
        )
    )


def _locked(found: QuerySet[Conversation]) -> dict[int, Conversation]:
    """By identity."""
    held = found.select_for_update(no_key=True).order_by("id")
    return {each.identity_id: each for each in held if each.identity_id is not None}


def _new(
    batch: Batch[CitizenWrote], contact_id: int, identity_id: int, state: Conversation.State, desk_id: int
) -> Conversation:
    now = timezone.now()
    return bulk.new(
        Conversation,
        opened_at=now,
        last_message_at=now,
        organization_id=batch.organization_id,
        sender_id=batch.sender_id,
        contact_id=contact_id,
        identity_id=identity_id,
        desk_id=desk_id,
        state=state,
        closed_at=now if state == Conversation.State.CLOSED else None,
    )
