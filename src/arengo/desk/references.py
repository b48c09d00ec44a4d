# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens quote and react to: their own messages, ours, and updates.

Both name a message by the platform's id. What comes before its message (a webhook that is brought again later, an answer to
our send that is not written yet) waits under the hash of that id, and is bound as soon as the message is known:

* a message of a citizen: when it arrives (``arrived``);
* one of ours: when its delivery learns the id, by a trigger of the database, whichever statement writes it (migration 0110);
* an update, and what two transactions did at the same moment: by ``bind_waiting``, each minute.

A reference to what was said with another person is dropped, here and in ``desk_bind`` (migration 0140).
Of several reactions to one message the one that was sent last stands, whatever order they come in; one that was taken back
is a reaction without an emoji. Of two sent in the same second the later to arrive stands: the platform tells no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from arengo.audience.events import CitizenWrote
from arengo.core import bulk, outside
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Fanout
from arengo.delivery.sending.message_ids import sent_as
from arengo.desk.models import LONGEST_REACTION, Message
from arengo.desk.sql import statement

WAIT = timedelta(
    days=30
)  # as long as the platform may bring a webhook again, and raw webhooks may be replayed
MOST_WAITING = 50  # reactions of one citizen whose message is not here; the newest are kept
_MOST_AT_ONCE = 2000  # message ids that one run of ``bind_waiting`` looks for

_FORGET = (
    "UPDATE desk_message SET quoted_hash = NULL WHERE quoted_hash IS NOT NULL AND received_at <= %s",
    "DELETE FROM desk_reaction WHERE fanout_id IS NULL AND received_at <= %s",
)


@dataclass(frozen=True)
class Known:
    """What a message id is: a message of the desk, or a mailing."""

    message: Message | None = None
    fanout_id: int | None = None

    def is_of(self, contact_id: int) -> bool:
        """Nobody quotes or reacts to what another person and we said; an update is said to many."""
        return self.message is None or self.message.conversation.contact_id == contact_id


def arrived(
    batch: Batch[CitizenWrote],
    written: Sequence[CitizenWrote],
    messages: Sequence[Message],
    reactions: Sequence[CitizenWrote],
) -> set[int]:
    """Quotes, reactions, and what waited for these messages. Returns the conversations whose screens changed.

    ``messages``: those of ``written``, stored just now, in the same order. What is quoted may be one of them.
    """
    events = [*written, *reactions]
    ids = {event.message.reply_to for event in events} | {event.message.reaction_to for event in events}
    wanted = {vault().message_hash(message_id) for message_id in ids if message_id}
    fresh = _by_hash(messages)
    known = {hashed: Known(fresh[hashed]) for hashed in wanted if hashed in fresh}
    known |= look_up(batch.sender_id, wanted - known.keys())
    quoting = []
    for event, message in zip(written, messages, strict=True):
        if not event.message.reply_to:
            continue
        hashed = vault().message_hash(event.message.reply_to)
        quoted = known.get(hashed)
        if quoted is None:
            message.quoted_hash = hashed
        elif quoted.is_of(event.contact_id):
            message.reply_to, message.quoted_fanout_id = quoted.message, quoted.fanout_id
        quoting.append(message)
    if quoting:
        Message.objects.bulk_update(quoting, ["reply_to", "quoted_fanout", "quoted_hash"])
    touched = _react(batch, reactions, known)
    return touched | _bind(batch.sender_id, {hashed: message.pk for hashed, message in fresh.items()})


def _by_hash(messages: Iterable[Message]) -> dict[bytes, Message]:
    return {
        bytes(message.platform_message_hash): message
        for message in messages
        if message.platform_message_hash is not None
    }


def look_up(sender_id: int, hashes: Collection[bytes]) -> dict[bytes, Known]:
    """One question a table: joined by OR, neither index would answer."""
    if not hashes:
        return {}
    messages = Message.objects.filter(sender_id=sender_id).select_related("conversation")
    theirs = messages.filter(platform_message_hash__among=hashes)
    found = {hashed: Known(message) for hashed, message in _by_hash(theirs).items()}
    ours = sent_as(sender_id, set(hashes) - found.keys())
    found |= {
        hashed: Known(fanout_id=sent.fanout_id) for hashed, sent in ours.items() if sent.fanout_id is not None
    }
    singles = {sent.delivery_id: hashed for hashed, sent in ours.items() if sent.fanout_id is None}
    if singles:
        answers = messages.filter(delivery__among=singles)
        found |= {singles[answer.delivery_id]: Known(answer) for answer in answers if answer.delivery_id}
    return found


def _react(
    batch: Batch[CitizenWrote], events: Iterable[CitizenWrote], known: Mapping[bytes, Known]
) -> set[int]:
    last: dict[bytes, CitizenWrote] = {}
    for event in sorted(
        events, key=lambda event: event.message.sent_at
    ):  # stable: as they came in each second
        hashed = vault().message_hash(event.message.reaction_to)
        if event.message.reaction_to and (hashed not in known or known[hashed].is_of(event.contact_id)):
            last[hashed] = event
    on_messages = [
        (about.message.pk, event)
        for hashed, event in last.items()
        if (about := known.get(hashed)) and about.message
    ]
    others = {
        hashed: event for hashed, event in last.items() if hashed not in known or not known[hashed].message
    }
    touched: set[int] = set()
    if on_messages:
        with connection.cursor() as cursor:
            cursor.execute(
                statement("react"),
                {
                    "ids": [pk for pk, _event in on_messages],
                    "emoji": [_emoji(event) for _pk, event in on_messages],
                    "times": [event.message.sent_at for _pk, event in on_messages],
                },
            )
            touched |= {int(row[0]) for row in cursor.fetchall()}
    if others:
        touched |= _keep(
            batch, others, {hashed: known[hashed].fanout_id for hashed in others if hashed in known}
        )
    return touched


def _emoji(event: CitizenWrote) -> str:
    return outside.text(event.message.text)[:LONGEST_REACTION]


def _keep(
    batch: Batch[CitizenWrote], events: Mapping[bytes, CitizenWrote], fanouts: Mapping[bytes, int | None]
) -> set[int]:
    """Reactions to updates, and those whose message is not here yet."""
    contacts = sorted({event.contact_id for event in events.values()})
    with connection.cursor() as cursor:
        cursor.execute(
            statement("keep_reactions"),
            {
                "organization": batch.organization_id,
                "sender": batch.sender_id,
                "contacts": [event.contact_id for event in events.values()],
                "hashes": list(events),
                "fanouts": [fanouts.get(hashed) for hashed in events],
                "emoji": [_emoji(event) for event in events.values()],
                "times": [event.message.sent_at for event in events.values()],
            },
        )
        cursor.execute(statement("drop_reactions_beyond"), {"contacts": contacts, "most": MOST_WAITING})
        if not fanouts:
            return set()
        cursor.execute(
            "SELECT id FROM desk_conversation WHERE contact_id = ANY(%s) AND sender_id = %s",
            [sorted({events[hashed].contact_id for hashed in fanouts}), batch.sender_id],
        )
        touched = {int(row[0]) for row in cursor.fetchall()}
    _tell_mailings(batch.organization_id, {pk for pk in fanouts.values() if pk})
    return touched


def _tell_mailings(organization_id: int, fanouts: Collection[int]) -> None:
    topics = Fanout.objects.filter(pk__in=fanouts).exclude(topic="").values_list("topic", flat=True)
    announce(organization_id, *sorted(set(topics)))


def _bind(sender_id: int, messages: Mapping[bytes, int]) -> set[int]:
    """What waited for these messages (ids by hash) stands with them now."""
    if not messages:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            statement("waited_for"), {"sender": sender_id, "hashes": bulk.array("bytea", messages)}
        )
        wanted = [bytes(row[0]) for row in cursor.fetchall()]
        if not wanted:
            return set()
        cursor.execute(
            "SELECT DISTINCT desk_bind(%s, n.hash, n.id) FROM unnest(%s::bytea[], %s::bigint[]) AS n (hash, id)",
            [sender_id, wanted, [messages[hashed] for hashed in wanted]],
        )
        return {int(row[0]) for row in cursor.fetchall()}


def bind_waiting(*, within: timedelta) -> int:
    """What came in this long ago and still waits is looked for once more. Returns how many ids were found.

    One transaction for each sender.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement("waiting"), {"since": timezone.now() - within, "most": _MOST_AT_ONCE})
        waiting: dict[tuple[int, int], list[bytes]] = defaultdict(list)
        for organization_id, sender_id, hashed in cursor.fetchall():
            waiting[organization_id, sender_id].append(bytes(hashed))
    found = 0
    for (organization_id, sender_id), hashes in waiting.items():
        with organization_scope(organization_id), transaction.atomic():
            known = look_up(sender_id, hashes)
            found += len(known)
            messages = {hashed: each.message.pk for hashed, each in known.items() if each.message}
            touched = _bind(sender_id, messages)
            if fanouts := {hashed: each.fanout_id for hashed, each in known.items() if each.fanout_id}:
                with connection.cursor() as cursor:
                    cursor.execute(
                        statement("bind_mailings"),
                        {"sender": sender_id, "hashes": list(fanouts), "fanouts": list(fanouts.values())},
                    )
                    touched |= {int(row[0]) for row in cursor.fetchall()}
            _tell_mailings(organization_id, set(fanouts.values()))
            if touched:
                announce(organization_id, *(f"conversation:{pk}" for pk in sorted(touched)))
    return found


def forget_waiting() -> None:
    """What waited for ``WAIT`` waits no more: its message is none of ours."""
    before = timezone.now() - WAIT
    with connection.cursor() as cursor:
        for forget in _FORGET:
            cursor.execute(forget, [before])
