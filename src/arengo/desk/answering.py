# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organization's own words in answer to a command: sent, and shown where the command is.

They are no person's answer: a citizen who waits for one goes on waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from arengo.audience.events import ReplyWanted
from arengo.audience.models import Identity
from arengo.audience.proofs import telling
from arengo.audience.proofs.telling import Answered
from arengo.core import bulk
from arengo.core.events import Batch
from arengo.core.governor import Verdict
from arengo.core.live import announce
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.delivery.sending import answering
from arengo.delivery.sending.answering import Answer, Sent
from arengo.delivery.timeline import late
from arengo.desk.asking.models import Asked
from arengo.desk.latest import come_last
from arengo.desk.models import Message
from arengo.platforms.contract import Address, Buttons, Listing, Text

_WITHHELD = {
    Verdict.TOO_MANY_TO_ONE: Message.Withheld.TOO_MANY_TO_ONE,
    Verdict.TOO_MANY_IN_ALL: Message.Withheld.TOO_MANY_IN_ALL,
}


class _Command(NamedTuple):
    """The message in which it was said."""

    pk: int
    conversation_id: int
    said_at: datetime

    @property
    def topic(self) -> str:
        return f"conversation:{self.conversation_id}"

    def key(self, edit: str) -> str:
        """One answer to a command, and one more to each edit that says something else about the list."""
        return f"command:{self.pk}:{vault().message_hash(edit).hex()}" if edit else f"command:{self.pk}"


def reply_wanted(batch: Batch[ReplyWanted]) -> None:
    """Each command is answered once, however often it is asked. What the governor withholds stands at the command.

    Called in the reader's transaction, inside the organization's scope, after the commands were stored; a batch costs as many
    queries however many answers. Takes no lock before it writes: the governor's counts, the outbox, the messages, the conversations.
    Announces the conversations on somebody's screen.
    """
    sender = Sender.objects.get(pk=batch.sender_id)
    wanted = _unanswered(batch)
    addresses = _addresses(wanted)
    wanted = [(event, command) for event, command in wanted if event.identity_id in addresses]
    lost_from = late.lost_from()
    sent = answering.send(
        sender,
        [
            Answer(
                event.kind,
                f"contact:{event.contact_id}",
                addresses[event.identity_id],
                event.outgoing or Text(event.text),
                command.topic,
                event.owed,
                # A webhook that stood unread when the database was saved: it was answered in the time that is lost.
                command.said_at if lost_from is not None and command.said_at <= lost_from else None,
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
    telling.keep(
        batch.organization_id,
        [
            Answered(event.proves, event.text, each.delivery_id)
            for (event, _command), each in zip(wanted, sent, strict=True)
            if event.proves is not None and each.delivery_id is not None
        ],
        timezone.now(),
    )
    withheld = [
        Message(pk=command.pk, answer_withheld=_WITHHELD[each.verdict])
        for (_event, command), each in zip(wanted, sent, strict=True)
        if each.verdict in _WITHHELD
    ]
    bulk.update(withheld, ["answer_withheld"])
    # Of a conversation that is new with its command the inbox was told with that, and there is no screen of it yet.
    seen = {command.topic for event, command in wanted if not event.shown.message_id}
    if seen:
        announce(batch.organization_id, "inbox", *sorted(seen))


def _unanswered(batch: Batch[ReplyWanted]) -> list[tuple[ReplyWanted, _Command]]:
    """With the command that each is about; without those that have their answer, or their command no longer."""
    stored, others = [], []
    for event in batch.events:
        if event.shown.message_id and event.said_at and not event.edit:
            command = _Command(event.shown.message_id, event.shown.conversation_id, event.said_at)
            stored.append((event, command))
        elif not event.shown.message_id or event.edit:  # the command may have been here before this batch
            others.append(event)
    if not others:
        return stored
    about = [(event, vault().message_hash(event.about)) for event in others]
    found = {
        bytes(hashed): _Command(pk, conversation_id, said_at)
        for hashed, pk, conversation_id, said_at in Message.objects.filter(
            sender_id=batch.sender_id,
            platform_message_hash__among={hashed for _event, hashed in about},
            conversation__held_by_other=False,
        ).values_list("platform_message_hash", "pk", "conversation_id", "sent_at")
    }
    asked = {
        (found[hashed].pk, found[hashed].key(event.edit)): (event, found[hashed])
        for event, hashed in about
        if hashed in found
    }
    answered = set(
        Message.objects.filter(
            conversation__among={command.conversation_id for command in found.values()},
            key__among=[key for _pk, key in asked],
        ).values_list("key", flat=True)
    )
    return stored + [each for (_pk, key), each in asked.items() if key not in answered]


def _addresses(wanted: Sequence[tuple[ReplyWanted, _Command]]) -> dict[int, Address]:
    """By identity; without who is gone."""
    found = {event.identity_id: event.to for event, _command in wanted if event.to is not None}
    identities = {event.identity_id for event, _command in wanted} - found.keys()
    if not identities:
        return found
    open_text = vault().open_text
    return found | {
        pk: Address(
            phone=open_text(phone, purpose="phone") if phone else None,
            user_id=open_text(user_id, purpose="user_id") if user_id else None,
        )
        for pk, phone, user_id in Identity.objects.filter(pk__among=identities).values_list(
            "pk", "phone_sealed", "user_id_sealed"
        )
    }


def _show(sender: Sender, answers: Sequence[tuple[ReplyWanted, _Command, Sent]]) -> None:
    """As messages. What the platform would refuse has its reason: the reader goes on."""
    if not answers:
        return
    now = timezone.now()
    stored = bulk.insert_columns(
        Message,
        len(answers),
        {
            "organization_id": sender.organization_id,
            "conversation_id": [command.conversation_id for _event, command, _sent in answers],
            "sender_id": sender.pk,
            "direction": Message.Direction.OUT,
            "text": [event.shown_as or event.text for event, _command, _sent in answers],
            "sent_at": now,
            "received_at": now,
            "automatic": [event.kind for event, _command, _sent in answers],
            "key": [command.key(event.edit) for event, command, _sent in answers],
            "delivery_id": [sent.delivery_id for _event, _command, sent in answers],
            "failure": [" ".join(sent.problems) for _event, _command, sent in answers],
        },
    )
    Asked.objects.bulk_create(
        [
            Asked(organization_id=sender.organization_id, message_id=pk, **_listed(event.outgoing))
            for pk, (event, _command, _sent) in zip(stored, answers, strict=True)
            if event.outgoing is not None
        ]
    )
    come_last(
        {
            command.conversation_id: (pk, now)
            for pk, (_event, command, _sent) in zip(stored, answers, strict=True)
        },
        unsent=[command.conversation_id for _event, command, sent in answers if sent.problems],
    )


def _listed(listing: Listing | Buttons) -> dict[str, Any]:
    if isinstance(listing, Buttons):
        options = [[choice.title, choice.description] for choice in listing.choices]
        return {"kind": Asked.Kind.BUTTONS, "options": options}
    rows = [[row.title, row.description] for section in listing.sections for row in section.rows]
    return {"kind": Asked.Kind.LIST, "button": listing.button, "options": rows}
