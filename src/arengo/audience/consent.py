# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joining and leaving the list, with the proof of each.

Words arrive in any order and may be repeated; what counts is when they were said (``at``): a join older than the
latest leave changes nothing, and neither does a leave older than the latest join. Both are recorded all the same.
A join that is imported brings nobody back who left by themselves, whatever its day; who was only taken back with an earlier
import may be imported again.

:func:`say` takes the words of one citizen or of thousands: the same code decides, word by word, on what a few queries
fetched, and a few queries store what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from arengo.audience.consent_book import Book
from arengo.audience.consent_words import Outcome, Step, Words
from arengo.audience.models import Consent, Identity, ListSettings, Policy
from arengo.audience.reasons import Reason
from arengo.core.models import Person

__all__ = ["Outcome", "Step", "Words", "give", "note_merged", "say", "withdraw"]


def give(
    identity: Identity,
    *,
    at: datetime,
    message_id: str,
    text: str,
    sender_id: int,
    topics: Iterable[int] = (),
) -> Step:
    """The citizen asks to be on the list. Only they can: by their message, or by what an import proves that they signed."""
    [step] = say(
        [
            Words(
                identity,
                Consent.Action.GIVEN,
                at,
                Consent.Source.MESSAGE,
                message_id,
                text,
                sender_id,
                tuple(topics),
            )
        ]
    )
    return step


def withdraw(
    identity: Identity,
    *,
    at: datetime,
    source: str,
    message_id: str = "",
    text: str = "",
    sender_id: int = 0,
    by: Person | None = None,
    reason: str = "",
) -> Step:
    """Off the list at once. ``source``: their message, the platform's settings, or staff at their request (``by``).

    ``reason``: where it is not the usual one of that door."""
    words = Words(
        identity, Consent.Action.WITHDRAWN, at, source, message_id, text, sender_id, by=by, reason=reason
    )
    [step] = say([words])
    return step


def say(
    said: Sequence[Words],
    in_force: Mapping[str, Policy] | None = None,
    settings: ListSettings | None = None,
) -> list[Step]:
    """What comes of each word, in the order given. As many queries however many words; all of one organization.

    Locks the identities that others may know, by id, until the transaction ends: of two words of one person, in two readers,
    the second sees the first. Then it reads, decides in memory, and writes consents, subscriptions, topics; announces
    ``SubscriptionEnded`` of each who left, ``SubscriptionAffirmed`` of each who joins again, and writes to the log what staff did.

    ``in_force``: the policies (``policies.in_force``), ``settings``: the list's, where they are at hand.
    """
    if not said:
        return []
    with transaction.atomic(savepoint=False):
        book = Book.of(said, settings)
        steps = [book.take(words) for words in said]
        lines = book.write(in_force)
        steps = [replace(step, **lines.get(id(words), {})) for words, step in zip(said, steps, strict=True)]
        for words in said:
            words.identity.fresh = False  # by now there is something to look up
    return steps


def note_merged(kept: Identity, gone: Identity, at: datetime) -> None:
    """Of two subscriptions of one person one is left: it counts as one that ended, and says nothing of what they want.

    The proof names the address of the one that is ``gone``. Announces nothing: what is on its way is theirs.
    """
    words = Words(kept, Consent.Action.WITHDRAWN, at, Consent.Source.RULE, reason=Reason.MERGED)
    book = Book.of([words])
    book.note(words, subject=gone)
    book.write(None)
