# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From votes that wait to a result, in batches: no result ever moves by fewer than ``LEAST`` people, the last one included.

A batch of one would say what that person voted, and so would the last votes before the closing, if they were few: so a batch is
made when twice ``LEAST`` people wait, and chance holds ``LEAST`` of them back for the next. The closing counts all that is left.
"""

from __future__ import annotations

import logging
import secrets
import struct
from collections.abc import Collection

from django.db import connection, transaction
from django.utils import timezone

from arengo.core import audit, bulk
from arengo.core.live import announce
from arengo.newsroom.votes import keys, receipts
from arengo.newsroom.votes.box import Box, Slip, Waiting, What
from arengo.newsroom.votes.keys import Keys, NoKey, Unopened
from arengo.newsroom.votes.models import Pending, Poll, Voter
from arengo.newsroom.votes.sql import statement

LEAST = 10  # people by whom a result moves at once
FEWEST = 5  # votes of which the shares are told: of fewer they would say who voted what
MOST_TRIES = 60  # minutes in which a closing looks for its key

log = logging.getLogger(__name__)
_random = secrets.SystemRandom()


def count(poll_id: int) -> bool:
    """A batch, if enough people wait; whether there was one. NoKey. Locks the poll against another count and against its closing,
    not against votes; announces the update."""
    with transaction.atomic():
        poll: Poll = Poll.objects.select_for_update(no_key=True, of=("self",)).get(pk=poll_id)
        if not poll.is_open or len(Pending.objects.filter(poll=poll).values("pk")[: 2 * LEAST]) < 2 * LEAST:
            return False
        held_keys = keys.read(poll.code)
        rows, waiting = _waiting(poll, held_keys)
        if len(waiting.votes) < 2 * LEAST:
            return False
        held = _random.sample(sorted(waiting.votes), LEAST)
        box = _box(poll, held_keys)
        voters = waiting.pour(box, held_keys, held=held)
        poll.box = keys.seal(box.packed(), bytes(poll.public_key))
        poll.counted, poll.counted_from = box.count(len(poll.options)), box.by_outlet(poll.outlets)
        poll.counted_at = timezone.now()
        poll.save(update_fields=["box", "counted", "counted_from", "counted_at"])
        Pending.objects.filter(pk__in=rows).delete()
        # Sealed anew and mixed: which row was whose, and that it was held, is told by nothing.
        _random.shuffle(held)
        Pending.objects.bulk_create(
            Pending(
                organization_id=poll.organization_id,
                poll=poll,
                sealed=keys.seal(
                    Slip(What.VOTE, identity_id, 0, *waiting.votes[identity_id]).packed(),
                    bytes(poll.public_key),
                ),
            )
            for identity_id in held
        )
        _note_voters(poll, voters)
        announce(poll.organization_id, poll.update.topic)
    return True


def close(poll_id: int) -> bool:
    """Counts the rest, publishes the register, forgets who had which vote. Whether it is closed with this.

    Locks the poll against everybody: votes that are being stored are waited for, later ones find it closed. Writes the log;
    announces the update. The keys die when all that stands. Without them it is tried again each minute, then it is lost.
    """
    with transaction.atomic():
        poll: Poll = Poll.objects.select_for_update(of=("self",)).get(pk=poll_id)
        if not poll.is_open or poll.closes_at > timezone.now():
            return False
        try:
            held_keys = keys.read(poll.code)
        except NoKey:
            return _without_key(poll)
        _rows, waiting = _waiting(poll, held_keys)
        box = _box(poll, held_keys)
        voters = waiting.pour(box, held_keys)
        poll.state, poll.closed_at, poll.counted_at = Poll.State.CLOSED, timezone.now(), timezone.now()
        poll.counted, poll.counted_from = box.count(len(poll.options)), box.by_outlet(poll.outlets)
        options = [ballot.option for ballot in box.ballots.values()]
        if len(options) >= FEWEST:
            poll.register = receipts.register_of(options)
        poll.statement = receipts.statement_of(poll, shares=len(options) >= FEWEST)
        poll.signature = held_keys.sign(poll.statement)
        if len(options) < FEWEST:  # the shares are in the key's grave
            poll.counted, poll.counted_from = [len(options)], {}
        entry = audit.record(
            "newsroom.counted_poll",
            organization=poll.organization_id,
            by=None,
            on=poll.update,
            detail={"votes": len(options), "statement": keys.mark(poll.statement.encode())},
        )
        poll.box, poll.counted_entry = b"", entry.pk
        poll.save()
        Pending.objects.filter(poll=poll).delete()
        _note_voters(poll, voters)
        _write_voters_again(poll)
        announce(poll.organization_id, poll.update.topic)
        transaction.on_commit(lambda: keys.destroy(poll.code))
    return True


def sweep() -> int:
    """Keys that nobody may need any more: of polls that are over, and of none (a day old, or a transaction may still be at it).

    Asked of the whole installation.
    """
    kept = keys.kept()
    states = dict(Poll.objects.filter(code__in=kept).values_list("code", "state"))
    gone = [code for code, old in kept.items() if (states.get(code) or ("" if old else "open")) != "open"]
    for code in gone:
        keys.destroy(code)
    return len(gone)


def _without_key(poll: Poll) -> bool:
    poll.tries += 1
    if poll.tries >= MOST_TRIES:
        poll.state, poll.closed_at = Poll.State.LOST, timezone.now()
        Voter.objects.filter(poll=poll).update(closed_at=poll.closed_at)
        audit.record("newsroom.lost_poll", organization=poll.organization_id, by=None, on=poll.update)
    poll.save(update_fields=["tries", "state", "closed_at"])
    announce(poll.organization_id, poll.update.topic)
    return False


def _waiting(poll: Poll, held_keys: Keys) -> tuple[list[int], Waiting]:
    """Which rows, and what they say. What is no vote of this poll is left out: nobody but the database's owner could have put it there."""
    rows = list(Pending.objects.filter(poll=poll).order_by("pk").values_list("pk", "sealed"))
    slips = []
    for _pk, sealed in rows:
        try:
            slip = Slip.read(held_keys.open(bytes(sealed)))
        except (Unopened, struct.error, ValueError):
            log.error("Poll %d holds something that is no vote.", poll.pk)
            continue
        if 0 <= slip.option < len(poll.options) and slip.where < max(1, len(poll.outlets)):
            slips.append(slip)
    return [pk for pk, _sealed in rows], Waiting.of(slips)


def _box(poll: Poll, held_keys: Keys) -> Box:
    return Box.read(held_keys.open(bytes(poll.box))) if poll.box else Box()


def _note_voters(poll: Poll, identities: Collection[int]) -> None:
    """Once each, in the order of their ids, which says nothing. Erased people have no row."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement("note_voters"),
            {
                "organization": poll.organization_id,
                "poll": poll.pk,
                "identities": bulk.array("bigint", identities),
                "closed_at": poll.closed_at,
            },
        )


def _write_voters_again(poll: Poll) -> None:
    """In one order of their own, all in this transaction: who voted in which batch is not told any more."""
    found = list(Voter.objects.filter(poll=poll).values_list("identity", flat=True))
    Voter.objects.filter(poll=poll).delete()
    _note_voters(poll, found)
