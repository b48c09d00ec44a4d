# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands around a conversation's own messages in its thread: what was said before it, and the updates that the person received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection

from arengo.core import bulk
from arengo.core.models import Membership
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, DeliveryState, Fanout
from arengo.delivery.sending import announced
from arengo.desk.bubbles import Bubble, bubbles
from arengo.desk.desks import desks_of
from arengo.desk.inbox import Thread, in_thread
from arengo.desk.marks import carries
from arengo.desk.models import Assignment, Conversation, Message
from arengo.desk.names import called
from arengo.desk.quoted import QuotedUpdate, Received
from arengo.desk.sql import statement

_CONVERSATIONS = 20  # earlier ones that are looked at
_MESSAGES = 30  # of them that are shown; a link leads to more
_MAILINGS = 50  # the latest of the number, among which those to this person are found
_BEFORE = timedelta(days=30)  # above the first message that a person ever wrote
_ARRIVED = (DeliveryState.ACCEPTED, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)


@dataclass(frozen=True)
class Past:
    """An earlier conversation of the same person, or its last part. ``more``: the message before which there is more of it."""

    conversation: Conversation
    bubbles: Sequence[Bubble]
    closing: Assignment | None
    more: int | None


def past(conversation: Conversation, reader: Membership | None, citizen: str) -> list[Past]:
    """What was said with the same person before this conversation, at desks that ``reader`` sees; the oldest first.

    Four queries, none of them longer for a person with a long history; none where there is nothing.
    """
    if not carries(conversation, "others"):
        return []
    found = {
        each.pk: each
        for each in Conversation.objects.filter(
            contact_id=conversation.contact_id, pk__lt=conversation.pk, desk__in=desks_of(reader)
        )
        .select_related("sender", "contact", "identity")
        .order_by("-pk")[:_CONVERSATIONS]
    }
    if not found:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            statement("earlier"),
            {"conversations": bulk.array("bigint", found), "most": _MESSAGES + 1},
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    cut = len(ids) > _MESSAGES
    messages = in_thread(Message.objects.filter(pk__in=ids[:_MESSAGES])).order_by(
        "conversation_id", "sent_at", "id"
    )
    closings = {
        each.conversation_id: each
        for each in Assignment.objects.filter(conversation__in=list(found), action=Assignment.Action.CLOSED)
        .select_related("by")
        .order_by("at", "id")
    }
    shown: list[Past] = []
    for pk, said in groupby(messages, key=lambda message: message.conversation_id):
        of = found[pk]
        lines = [replace(each, retry=False, past=True) for each in bubbles(of, list(said), citizen)]
        more = lines[0].message.pk if cut and not shown else None
        shown.append(Past(of, lines, closings.get(pk), more))
    return shown


def received(
    conversation: Conversation, since: datetime, until: datetime | None, reader: Membership | None
) -> list[Received]:
    """Updates that reached this person through this number from ``since`` to ``until`` (None: now), the oldest first.

    Of the number's latest fifty mailings, those that a room still knows. Two queries by index, and what the rooms ask.
    """
    identity = conversation.identity
    if identity is None:
        return []
    mailings = Fanout.objects.filter(sender_id=conversation.sender_id, created_at__gte=since)
    mailings = mailings if until is None else mailings.filter(created_at__lte=until)
    ids = list(mailings.order_by("-created_at").values_list("pk", flat=True)[:_MAILINGS])
    hashes = [vault().lookup_on(*form.key(identity.platform)) for form in identity.address.forms]
    copies = Delivery.objects.filter(fanout_id__in=ids, address_hash__in=hashes, state__in=_ARRIVED)
    got = {copy.fanout_id: copy for copy in copies.only("fanout_id", "state", "accepted_at", "created_at")}
    said = announced.of(got)
    lines = []
    for pk, copy in got.items():
        if pk is not None and pk in said:
            at, read = copy.accepted_at or copy.created_at, copy.state == DeliveryState.READ
            lines.append(Received(pk, at, QuotedUpdate.of(said[pk], reader), read))
    return sorted(lines, key=lambda line: line.at)


@dataclass(frozen=True)
class Fresh:
    """The line above what nobody has read yet: before which message, and how many there are."""

    first: int
    count: int


def fresh(conversation: Conversation, thread: Thread, first: int | None) -> Fresh | None:
    """None on a page that does not end with the latest.

    ``first``: the message before which the page already has the line: it stays there until the conversation is left.
    """
    if not thread.newest:
        return None
    said = [one for one in thread.messages if one.incoming and not (one.copy or one.awaited or one.command)]
    if first is not None:
        new = [one for one in said if one.pk >= first] if any(one.pk == first for one in said) else []
    else:
        new = said[len(said) - min(conversation.unread, len(said)) :]
    return Fresh(new[0].pk, len(new)) if new else None


def between(
    shown: Sequence[Bubble], lines: Sequence[Received]
) -> tuple[Sequence[Bubble], Sequence[Received]]:
    """The messages, each with the updates that came before it, and those that came after the last."""
    left, placed = list(lines), []
    for bubble in shown:
        before = [line for line in left if line.at < bubble.message.sent_at]
        left = left[len(before) :]
        placed.append(replace(bubble, received=before) if before else bubble)
    return placed, left


@dataclass(frozen=True)
class Beside:
    """What a page of a thread shows beside its messages. ``bubbles``: these, each with the updates that came before it.

    ``past``: the person's earlier conversations, above the first message of this one; ``received_last``: updates after the last.
    ``fresh``: where what nobody has read begins.
    """

    bubbles: Sequence[Bubble]
    past: Sequence[Past]
    received_last: Sequence[Received]
    fresh: Fresh | None

    @classmethod
    def of(
        cls,
        shown: Sequence[Bubble],
        conversation: Conversation,
        thread: Thread,
        reader: Membership | None,
        first: int | None,
    ) -> Beside:
        """``first``: as :func:`fresh` takes it. Updates begin with the page, or with what was said before it, and end with either."""
        if not thread.messages:
            return cls(shown, (), (), None)
        whole = thread.newest and not thread.earlier
        earlier = past(conversation, reader, called(conversation)) if whole else []
        since = thread.messages[0].sent_at
        if earlier:
            since = earlier[-1].bubbles[-1].message.sent_at
        elif not thread.earlier:
            since -= _BEFORE
        ended = None if conversation.is_open else conversation.closed_at
        until = ended if thread.newest else thread.messages[-1].sent_at
        placed, left = between(shown, received(conversation, since, until, reader))
        return cls(placed, earlier, left, fresh(conversation, thread, first))
