# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages that Arengo sends by itself, into the outbox. The one way there: each passes the governor (``core/governor.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction
from django.utils import timezone

from arengo.core import bulk, governor
from arengo.core.governor import Verdict, Wanted
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Outbox, OutboxState, Sender, Urgency
from arengo.delivery.outbox import UnfitMessage, check, wake
from arengo.platforms.contract import Address, Outgoing

_PRICE_CATEGORY = "service"


@dataclass(frozen=True)
class Answer:
    """``kind`` is of core/automatic.py, ``person`` and ``owed`` are the governor's; ``topic`` is the live topic of its screen."""

    kind: str
    person: str
    to: Address
    outgoing: Outgoing
    topic: str
    owed: bool = False


@dataclass(frozen=True)
class Sent:
    """``delivery`` is None where nothing is sent: ``verdict`` says why, or ``problems``, in the user's language."""

    verdict: Verdict
    delivery: Delivery | None = None
    problems: tuple[str, ...] = ()


def send(sender: Sender, answers: Sequence[Answer]) -> list[Sent]:
    """What became of each, in their order. Some ten statements, however many; in the caller's transaction."""
    if not answers:
        return []
    problems = _problems(sender, {answer.outgoing for answer in answers})
    fit = [answer for answer in answers if not problems[answer.outgoing]]
    with transaction.atomic():
        decisions = governor.admit(
            sender.organization_id, [Wanted(answer.kind, answer.person, answer.owed) for answer in fit]
        )
        chosen = [
            (answer, decision.not_before)
            for answer, decision in zip(fit, decisions, strict=True)
            if decision.verdict is Verdict.SEND
        ]
        seal, lookup = vault().seal, vault().lookup
        encoded = {outgoing: msgspec.json.encode(outgoing) for outgoing in problems}
        deliveries = bulk.insert(
            [
                Delivery(
                    organization_id=sender.organization_id,
                    sender=sender,
                    urgency=Urgency.REPLY,
                    address_sealed=seal(msgspec.json.encode(answer.to), purpose="address"),
                    address_hash=lookup(answer.to.key),
                    outgoing_sealed=seal(encoded[answer.outgoing], purpose="outgoing"),
                    topic=answer.topic,
                    price_category=_PRICE_CATEGORY,
                )
                for answer, _not_before in chosen
            ]
        )
        now = timezone.now()
        bulk.insert(
            [
                Outbox(
                    delivery=delivery,
                    organization_id=sender.organization_id,
                    sender=sender,
                    urgency=Urgency.REPLY,
                    state=OutboxState.LATER if not_before else OutboxState.READY,
                    not_before=not_before or now,
                )
                for delivery, (_answer, not_before) in zip(deliveries, chosen, strict=True)
            ]
        )
        if chosen:
            wake(sender.pk)
    made, verdicts = iter(deliveries), iter(decisions)
    return [
        Sent(Verdict.SEND, problems=tuple(problems[answer.outgoing]))
        if problems[answer.outgoing]
        else Sent(verdict, next(made) if verdict is Verdict.SEND else None)
        for answer in answers
        for verdict in [Verdict.SEND if problems[answer.outgoing] else next(verdicts).verdict]
    ]


def _problems(sender: Sender, outgoings: set[Outgoing]) -> dict[Outgoing, list[str]]:
    found: dict[Outgoing, list[str]] = {}
    for outgoing in outgoings:
        try:
            check(sender, outgoing)
            found[outgoing] = []
        except UnfitMessage as unfit:
            found[outgoing] = unfit.problems
    return found
