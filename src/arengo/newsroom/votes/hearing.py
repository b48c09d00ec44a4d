# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Presses of a poll's buttons, in the reader's transaction. A vote is sealed here and is nothing else: no message of the desk, and
its raw body leaves the journal with it (``choices.register(…, private=True)``).

People who have the button got the poll, so they may vote, on the list or not. One vote a person: two linked chats are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from arengo.audience import choices
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.events import IdentitiesMerged
from arengo.audience.models import Subscription
from arengo.core import bulk, outside
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.delivery.sending import answering
from arengo.delivery.sending.answering import Answer
from arengo.newsroom.votes import PREFIX, answers, keys
from arengo.newsroom.votes.answers import Wording
from arengo.newsroom.votes.box import Slip, What
from arengo.newsroom.votes.models import Pending, Poll, Voter
from arengo.newsroom.votes.sql import statement
from arengo.platforms.contract import Outgoing


class _Press(NamedTuple):
    """``option`` counts from 0; None: which answers are there?"""

    event: ChoicePressed
    poll: Poll
    option: int | None


def register() -> None:
    choices.register(PREFIX, pressed, private=True)


def pressed(batch: Batch[ChoicePressed]) -> Handled:
    """What can be no press of ours is passed over. Holds the polls against their closing; answers through the governor."""
    found = _read(batch)
    open_ids = _held([press.poll for press in found])
    wording = Wording.of(Organization.objects.get(pk=batch.organization_id), batch.platform)
    votes: list[_Press] = []
    wanted: list[tuple[_Press, str, Outgoing | None]] = []
    for press in found:
        late = press.poll.pk not in open_ids or press.event.at > press.poll.closes_at
        if late:
            wanted.append((press, answers.LATE, wording.late(press.poll)))
        elif press.option is None:
            wanted.append((press, answers.ANSWERS, wording.answers(press.poll)))
        else:
            votes.append(press)
            wanted.append((press, answers.TAKEN, wording.taken(press.poll)))
    _store(batch, votes)
    _answer(batch, [(press, kind, what) for press, kind, what in wanted if what is not None])
    return Handled()


def _read(batch: Batch[ChoicePressed]) -> list[_Press]:
    said = []
    for event in batch.events:
        update, _, number = event.value.partition(":")
        said.append((event, outside.whole(update, least=1), outside.whole(number, least=1)))
    polls = {
        poll.update_id: poll
        for poll in Poll.objects.filter(
            update__in={update_id for _event, update_id, _answer in said if update_id}
        ).defer("box", "register", "statement")
    }
    found = []
    for event, update_id, answer in said:
        poll = polls.get(update_id or 0)
        if poll is None or (answer is None and ":" in event.value) or (answer or 0) > len(poll.options):
            continue
        found.append(_Press(event, poll, None if answer is None else answer - 1))
    return found


def _held(polls: Iterable[Poll]) -> set[int]:
    """Those that are open, and stay so until the reader commits."""
    ids = {poll.pk for poll in polls}
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statement("hold_polls"), {"ids": bulk.array("bigint", sorted(ids))})
        return {int(pk) for (pk,) in cursor.fetchall()}


def _store(batch: Batch[ChoicePressed], votes: Sequence[_Press]) -> None:
    if not votes:
        return
    persons = _persons([press.event.identity.pk for press in votes])
    slips = [
        (
            press.poll,
            Slip(
                What.VOTE,
                persons[press.event.identity.pk],
                option=press.option or 0,
                at=round(press.event.at.timestamp() * 1000),
            ),
        )
        for press in votes
    ]
    put(batch.organization_id, slips)


def put(organization_id: int, slips: Sequence[tuple[Poll, Slip]]) -> None:
    """Sealed, to be counted with the next batch."""
    Pending.objects.bulk_create(
        Pending(
            organization_id=organization_id,
            poll=poll,
            sealed=keys.seal(slip.packed(), bytes(poll.public_key)),
        )
        for poll, slip in slips
    )


def _persons(identities: Sequence[int]) -> dict[int, int]:
    """Of two linked chats, the one that receives the list stands for both."""
    standing = dict(
        Subscription.objects.filter(identity__in=identities, replaced_by__isnull=False).values_list(
            "identity", "replaced_by"
        )
    )
    return {pk: standing.get(pk, pk) for pk in identities}


def _answer(batch: Batch[ChoicePressed], wanted: Sequence[tuple[_Press, str, Outgoing]]) -> None:
    """To the chat in which it was pressed; somebody else's conversation gets no answer. Nothing of it is shown at the desk."""
    due = [each for each in wanted if each[0].event.message.wants_answer]
    if not due:
        return
    sender = Sender.objects.get(pk=batch.sender_id)
    answering.send(
        sender,
        [
            Answer(
                kind,
                f"contact:{press.event.contact_id}",
                press.event.identity.address,
                outgoing,
                f"update:{press.poll.update_id}",
            )
            for press, kind, outgoing in due
        ],
    )


# --- people ---------------------------------------------------------------------------------------------------------


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    """Two that were one person have one vote: the later. Told to the box with the next batch."""
    for event in batch.events:
        theirs = Voter.objects.filter(identity=event.gone_identity_id)
        known = Voter.objects.filter(identity=event.kept_identity_id).values("poll")
        theirs.exclude(poll__in=known).update(identity=event.kept_identity_id)
    polls = list(Poll.objects.filter(state=Poll.State.OPEN).only("public_key", "organization_id"))
    put(
        batch.organization_id,
        [
            (poll, Slip(What.MERGE, event.kept_identity_id, event.gone_identity_id))
            for poll in polls
            for event in batch.events
        ],
    )


def forget(identities: Sequence[int]) -> None:
    """Somebody is erased: what they voted goes while it can still be found, which is until the closing."""
    for poll in Poll.objects.filter(state=Poll.State.OPEN).only("public_key", "organization_id"):
        put(poll.organization_id, [(poll, Slip(What.FORGET, pk)) for pk in identities])
