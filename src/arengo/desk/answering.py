# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organization's own words in answer to a command: sent, and shown where the command is.

They are no person's answer: who waits for one goes on waiting. Called in the reader's transaction, inside the scope; a
batch costs some twenty queries, however many answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from arengo.audience.events import ReplyWanted
from arengo.audience.models import Identity
from arengo.core import bulk
from arengo.core.events import Batch
from arengo.core.governor import Verdict
from arengo.core.live import announce
from arengo.core.vault import vault
from arengo.delivery import answering
from arengo.delivery.answering import Answer, Sent
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.platforms.contract import Address, Text

_WITHHELD = {
    Verdict.TOO_MANY_TO_ONE: Message.Withheld.TOO_MANY_TO_ONE,
    Verdict.TOO_MANY_IN_ALL: Message.Withheld.TOO_MANY_IN_ALL,
}


class _Command(NamedTuple):
    """The message in which it was said."""

    pk: int
    conversation_id: int

    @property
    def topic(self) -> str:
        return f"conversation:{self.conversation_id}"

    @property
    def key(self) -> str:
        return f"command:{self.pk}"


def reply_wanted(batch: Batch[ReplyWanted]) -> None:
    """Each command is answered once, however often it is asked. What the governor withholds stands at the command."""
    sender = Sender.objects.get(pk=batch.sender_id)
    wanted = _unanswered(batch)
    addresses = _addresses({event.identity_id for event, _command in wanted})
    wanted = [(event, command) for event, command in wanted if event.identity_id in addresses]
    sent = answering.send(
        sender,
        [
            Answer(
                event.kind,
                f"contact:{event.contact_id}",
                addresses[event.identity_id],
                Text(event.text),
                command.topic,
                event.owed,
            )
            for event, command in wanted
        ],
    )
    _show(
        sender,
        [
            (event, command, each)
            for (event, command), each in zip(wanted, sent, strict=True)
            if each.delivery_id is not None or each.problems
        ],
    )
    withheld = [
        Message(pk=command.pk, answer_withheld=_WITHHELD[each.verdict])
        for (_event, command), each in zip(wanted, sent, strict=True)
        if each.verdict in _WITHHELD
    ]
    bulk.update(withheld, ["answer_withheld"])
    if wanted:
        announce(batch.organization_id, "inbox", *sorted({command.topic for _event, command in wanted}))


def _unanswered(batch: Batch[ReplyWanted]) -> list[tuple[ReplyWanted, _Command]]:
    """With the command that each is about; without those that have their answer, or their command no longer."""
    hashes = {vault().message_hash(event.about): event for event in batch.events}
    found = {
        bytes(hashed): _Command(pk, conversation_id)
        for hashed, pk, conversation_id in Message.objects.filter(
            sender_id=batch.sender_id, platform_message_hash__in=list(hashes)
        ).values_list("platform_message_hash", "pk", "conversation_id")
    }
    answered = set(
        Message.objects.filter(
            conversation__in={command.conversation_id for command in found.values()},
            key__in=[command.key for command in found.values()],
        ).values_list("key", flat=True)
    )
    return [
        (event, found[hashed])
        for hashed, event in hashes.items()
        if hashed in found and found[hashed].key not in answered
    ]


def _addresses(identities: Collection[int]) -> dict[int, Address]:
    """By identity; without who is gone."""
    open_text = vault().open_text
    return {
        pk: Address(
            phone=open_text(phone, purpose="phone") if phone else None,
            user_id=open_text(user_id, purpose="user_id") if user_id else None,
        )
        for pk, phone, user_id in Identity.objects.filter(pk__in=identities).values_list(
            "pk", "phone_sealed", "user_id_sealed"
        )
    }


def _show(sender: Sender, answers: Sequence[tuple[ReplyWanted, _Command, Sent]]) -> None:
    """As messages, each its conversation's latest. What the platform would refuse has its reason: the reader goes on."""
    if not answers:
        return
    now = timezone.now()
    messages = bulk.insert_columns(
        Message,
        len(answers),
        {
            "organization_id": sender.organization_id,
            "conversation_id": [command.conversation_id for _event, command, _sent in answers],
            "sender_id": sender.pk,
            "direction": Message.Direction.OUT,
            "text": [event.text for event, _command, _sent in answers],
            "sent_at": now,
            "received_at": now,
            "automatic": [event.kind for event, _command, _sent in answers],
            "key": [command.key for _event, command, _sent in answers],
            "delivery_id": [sent.delivery_id for _event, _command, sent in answers],
            "failure": [" ".join(sent.problems) for _event, _command, sent in answers],
        },
    )
    last = {
        command.conversation_id: message
        for (_event, command, _sent), message in zip(answers, messages, strict=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_conversation c SET last_message_id = v.message, last_message_at = %s "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS v (id, message) WHERE c.id = v.id",
            [now, bulk.array("bigint", last), bulk.array("bigint", last.values())],
        )
