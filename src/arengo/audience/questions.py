# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Sì», «no», «accetto»: words that are an answer only to somebody whom the list asked something. Each capability that asks registers.

They are also said to an operator: «Porta il modulo?» «Sì». So they count where the message quotes the question, or nothing else was
written to that person since; a phrase that names what is accepted always does. All else is a message like others, for people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from arengo.audience import choices, spoken
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.events import ReplyWanted
from arengo.core.events import Batch
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, DeliveryState, Fanout

YES, NO, NAMED = "yes", "no", "accept"
_PHRASES = {
    YES: (
        *("sì", "sì grazie", "sì certo", "certo", "accetto", "accetto grazie", "sì accetto", "ok accetto"),
        *("confermo", "sì confermo", "confermo grazie", "sì confermo grazie", "acconsento", "sono d’accordo"),
        *(
            "sì continuo",
            "sì voglio restare",
            "voglio restare",
            "resto",
            "sì resto",
            "yes",
            "i accept",
            "i agree",
        ),
    ),
    NO: ("no", "non accetto", "no non accetto", "non confermo", "non sono d’accordo", "i do not accept"),
    NAMED: (
        *("accetto l’informativa", "accetto la nuova informativa", "accetto la nuova versione"),
        *("accetto le regole", "accetto le nuove regole", "accetto l’informativa e le regole"),
        *(
            "accetto l’informativa sulla privacy",
            "accetto la privacy",
            "sì accetto l’informativa",
            "sì accetto le regole",
        ),
    ),
}


class Asked(NamedTuple):
    """Somebody's question: when it was written to them, and with which message; 0 where that is not known."""

    at: datetime
    delivery_id: int


@dataclass(frozen=True)
class Heard:
    """``others``: what was no answer to it."""

    replies: Sequence[ReplyWanted]
    others: Sequence[ChoicePressed]


@dataclass(frozen=True)
class Asker:
    """``is_open``: whether anybody is asked now. ``hear``: in the reader's transaction, as a handler of ``choices``."""

    name: str
    order: int
    is_open: Callable[[], bool]
    hear: Callable[[Batch[ChoicePressed]], Heard]


_askers: dict[str, Asker] = {}


def register(asker: Asker) -> None:
    _askers[asker.name] = asker
    for prefix, phrases in _PHRASES.items():
        choices.register(prefix, _hear)
        spoken.register(prefix, phrases, _is_open)


def _is_open() -> bool:
    return any(asker.is_open() for asker in _askers.values())


def _hear(batch: Batch[ChoicePressed]) -> Handled:
    replies: list[ReplyWanted] = []
    left: Sequence[ChoicePressed] = batch.events
    for asker in sorted(_askers.values(), key=lambda one: one.order):
        if left:
            heard = asker.hear(Batch(batch.organization_id, batch.sender_id, left, batch.platform))
            replies += heard.replies
            left = heard.others
    return Handled(replies, {event.message.message_id for event in left})


def answers(batch: Batch[ChoicePressed], asked: Mapping[int, Asked]) -> list[ChoicePressed]:
    """Those events that answer the question of their person (by identity); three queries, however many."""
    asking = [event for event in batch.events if event.identity.pk in asked]
    if not asking:
        return []
    questions = _message_hashes(
        [asked[event.identity.pk].delivery_id for event in asking if event.message.reply_to]
    )
    unsure = [event for event in asking if event.prefix != NAMED and not event.message.reply_to]
    since = _written_since(batch.sender_id, unsure, asked)
    found = []
    for event in asking:
        said_to = asked[event.identity.pk]
        if event.prefix == NAMED:
            found.append(event)
        elif event.message.reply_to:
            if vault().message_hash(event.message.reply_to) == questions.get(said_to.delivery_id):
                found.append(event)
        elif event.identity.pk not in since:
            found.append(event)
    return found


def _message_hashes(deliveries: Sequence[int]) -> dict[int, bytes]:
    rows = Delivery.objects.filter(pk__among=deliveries, message_hash__isnull=False)
    return {pk: bytes(hashed) for pk, hashed in rows.values_list("pk", "message_hash")}


def _written_since(sender_id: int, events: Sequence[ChoicePressed], asked: Mapping[int, Asked]) -> set[int]:
    """Identities to whom something else was written after their question, by a person, by itself or with a mailing."""
    if not events:
        return set()
    whose: dict[bytes, set[int]] = defaultdict(set)
    for event in events:
        for hashed in (event.identity.phone_hash, event.identity.user_id_hash):
            if hashed is not None:
                whose[bytes(hashed)].add(event.identity.pk)
    first = min(asked[event.identity.pk].at for event in events)
    to_them = Delivery.objects.filter(address_hash__among=list(whose), created_at__gt=first).exclude(
        state=DeliveryState.CANCELLED
    )
    mailings = list(
        Fanout.objects.filter(sender_id=sender_id, created_at__gt=first).values_list("pk", flat=True)
    )
    found = set()
    for rows in (to_them.filter(fanout__isnull=True), to_them.filter(fanout__in=mailings)):
        for pk, hashed, at in rows.values_list("pk", "address_hash", "created_at"):
            found |= {
                one for one in whose[bytes(hashed)] if at > asked[one].at and pk != asked[one].delivery_id
            }
    return found
