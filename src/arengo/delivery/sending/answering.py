# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages that Arengo sends by itself, into the outbox. The one way there: each passes the governor (``core/governor.py``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils import timezone

from arengo.core import bulk, governor
from arengo.core.governor import Verdict, Wanted
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, DeliveryState, Outbox, OutboxState, Sender, Urgency
from arengo.delivery.queue.outbox import UnfitMessage, check, wake
from arengo.delivery.timeline import late
from arengo.platforms.contract import Address, Outgoing

_PRICE_CATEGORY = "service"


@dataclass(frozen=True)
class Answer:
    """``kind`` is of core/automatic.py, ``person`` and ``owed`` are the governor's; ``topic`` is the live topic of its screen,
    ``due_at`` as in ``outbox.enqueue``.
    """

    kind: str
    person: str
    to: Address
    outgoing: Outgoing
    topic: str
    owed: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True)
class Sent:
    """``delivery_id`` is None where nothing is sent: ``verdict`` says why, or ``problems``, in the user's language."""

    verdict: Verdict
    delivery_id: int | None = None
    problems: tuple[str, ...] = ()


def send(sender: Sender, answers: Sequence[Answer]) -> list[Sent]:
    """What became of each, in their order. Some ten statements, however many; in the caller's transaction."""
    if not answers:
        return []
    encoded = {id(answer): msgspec.json.encode(answer.outgoing) for answer in answers}  # a list has no hash
    problems = _problems(sender, {encoded[id(answer)]: answer.outgoing for answer in answers})
    fit = [answer for answer in answers if not problems[encoded[id(answer)]]]
    with transaction.atomic(savepoint=False):
        decisions = governor.admit(
            sender.organization_id, [Wanted(answer.kind, answer.person, answer.owed) for answer in fit]
        )
        chosen = [
            (answer, decision.not_before)
            for answer, decision in zip(fit, decisions, strict=True)
            if decision.verdict is Verdict.SEND
        ]
        made = iter(_enqueue(sender, chosen, encoded))
    verdicts = iter(decisions)
    found = []
    for answer in answers:
        if unfit := problems[encoded[id(answer)]]:
            found.append(Sent(Verdict.SEND, problems=tuple(unfit)))
            continue
        verdict = next(verdicts).verdict
        found.append(Sent(verdict, next(made) if verdict is Verdict.SEND else None))
    return found


def _enqueue(
    sender: Sender, chosen: Sequence[tuple[Answer, datetime | None]], encoded: Mapping[int, bytes]
) -> list[int]:
    """Deliveries and their places in the outbox. ``encoded``: what goes, by ``id()`` of the answer. Returns the deliveries' ids."""
    if not chosen:
        return []
    now = timezone.now()
    seal, lookup_on, encode = vault().seal, vault().lookup_on, msgspec.json.encode
    withheld = [
        answer.due_at is not None and late.withholds(sender.organization_id, answer.due_at)
        for answer, _when in chosen
    ]
    common = {
        "organization_id": sender.organization_id,
        "sender_id": sender.pk,
        "urgency": Urgency.REPLY,
    }
    deliveries = bulk.insert_columns(
        Delivery,
        len(chosen),
        {
            **common,
            "address_sealed": [seal(encode(answer.to), purpose="address") for answer, _when in chosen],
            "address_hash": [lookup_on(*answer.to.key(sender.platform)) for answer, _when in chosen],
            "outgoing_sealed": [seal(encoded[id(answer)], purpose="outgoing") for answer, _when in chosen],
            "topic": [answer.topic for answer, _when in chosen],
            "price_category": _PRICE_CATEGORY,
            "created_at": now,
            "state": [DeliveryState.WITHHELD if each else DeliveryState.QUEUED for each in withheld],
        },
    )
    bulk.insert_columns(
        Outbox,
        len(chosen),
        {
            **common,
            "delivery_id": deliveries,
            "state": [
                OutboxState.WITHHELD if held else OutboxState.LATER if when else OutboxState.READY
                for held, (_answer, when) in zip(withheld, chosen, strict=True)
            ],
            "not_before": [when or now for _answer, when in chosen],
        },
    )
    wake(sender.pk)
    return deliveries


def _problems(sender: Sender, outgoings: Mapping[bytes, Outgoing]) -> dict[bytes, list[str]]:
    """By what is sent, encoded."""
    found: dict[bytes, list[str]] = {}
    for encoded, outgoing in outgoings.items():
        try:
            check(sender, outgoing)
            found[encoded] = []
        except UnfitMessage as unfit:
            found[encoded] = unfit.problems
    return found
