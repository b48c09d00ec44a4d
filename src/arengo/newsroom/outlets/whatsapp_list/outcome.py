# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a mailing goes: counters, reasons of what failed, sending that again, stopping the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.delivery.limits import tier
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts
from arengo.delivery.sending.refusal_words import meaning
from arengo.desk.models import Reaction
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import Outcome
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from arengo.newsroom.outlets.whatsapp_list.recipients import of_mailing

_MOST_REACTIONS = 12  # different emoji on screen


@dataclass(frozen=True)
class Mailing:
    """``accepted`` counts all that the platform ever took, ``delivered`` and ``read`` likewise; ``waiting`` is not sent yet."""

    total: int
    accepted: int
    delivered: int
    read: int
    failed: int
    unknown: int
    cancelled: int
    waiting: int
    filled: bool
    stopped_at: datetime | None
    withheld_at: datetime | None  # the database was taken back: a person decides, or decided to drop the rest
    began_at: datetime | None
    ended_at: datetime | None
    forgotten_at: datetime | None  # since then nobody knows to whom it went: totals and reasons remain

    @property
    def settled(self) -> int:
        return self.total - self.waiting - self.cancelled

    @property
    def is_over(self) -> bool:
        """Nothing more leaves; receipts may still come."""
        return self.filled and not self.waiting

    @property
    def elapsed(self) -> timedelta | None:
        """From the start to the last one that was taken; None when nothing was."""
        until = self.ended_at if self.is_over else timezone.now()
        return max(timedelta(), until - self.began_at) if until and self.began_at else None


def outcome_of(fanout: Fanout) -> Mailing:
    return Mailing(
        total=fanout.total,
        accepted=fanout.n_accepted,
        delivered=fanout.n_delivered,
        read=fanout.n_read,
        failed=fanout.n_failed,
        unknown=fanout.n_unknown,
        cancelled=fanout.n_cancelled,
        waiting=fanout.n_waiting,
        filled=fanout.filled_at is not None,
        stopped_at=fanout.stopped_at,
        withheld_at=fanout.withheld_at,
        began_at=fanout.created_at,
        ended_at=fanout.last_accepted_at,
        forgotten_at=fanout.forgotten_at,
    )


@dataclass(frozen=True)
class Reason:
    """Why so many failed: the platform's code and own words, and what they mean."""

    code: int
    own_words: str
    meaning: str
    count: int


def reasons(fanout: Fanout) -> list[Reason]:
    """The most frequent first."""
    name = fanout.sender.platform
    grouped: Iterable[tuple[int, int, str | None]]
    if fanout.forgotten_at is not None:
        grouped = fanout.reasons or []
    else:
        grouped = (
            # The time says it again because the index knows it: the state of most is another, and none of those is read.
            Delivery.objects.filter(fanout=fanout, failed_at__isnull=False, state=DeliveryState.FAILED)
            .values_list("code")
            .annotate(count=Count("id"), words=Max("reason"))
            .order_by("-count", "code")
        )
    return [Reason(code, words or "", meaning(name, code), count) for code, count, words in grouped]


def reactions(fanout: Fanout) -> list[tuple[str, int]]:
    """How people reacted to the update in their own chat, the most frequent first: (emoji, how many)."""
    found = (
        Reaction.objects.filter(fanout=fanout)
        .exclude(emoji="")
        .values_list("emoji")
        .annotate(count=Count("id"))
        .order_by("-count", "emoji")
    )
    return [(emoji, count) for emoji, count in found[:_MOST_REACTIONS]]


@dataclass(frozen=True)
class ListOutcome(Outcome):
    """All that the page of a sent update says of the list. ``mailing`` None: it was not opened yet."""

    sender: Sender | None = None
    mailing: Mailing | None = None
    held: tier.Held | None = None
    second_tries: tier.Held | None = None
    reactions: Sequence[tuple[str, int]] = ()
    unknown: doubts.Unknown | None = None
    may_send_unknown: bool = False
    reasons: Sequence[Reason] = ()


def shown(placement: Placement) -> ListOutcome:
    fanout = mailing_of(placement)
    if fanout is None:
        return ListOutcome(sender=placement.update.sender)
    mailing = outcome_of(fanout)
    return ListOutcome(
        stoppable=not mailing.is_over and not mailing.stopped_at,
        sender=fanout.sender,
        mailing=mailing,
        held=tier.held(fanout),
        second_tries=tier.second_tries(fanout),
        reactions=reactions(fanout),
        unknown=doubts.unknown(fanout) if fanout.n_unknown else None,
        may_send_unknown=may_send_unknown(fanout),
        reasons=reasons(fanout) if fanout.n_failed else [],
    )


def retry(placement: Placement, *, by: Person, codes: list[int] | None = None) -> int:
    """Failed ones again, to those who are still meant: who left meanwhile hears nothing more. Returns how many."""
    fanout = mailing_of(placement)
    if fanout is None or fanout.stopped_at or fanout.withheld_at or fanout.forgotten_at:
        return 0
    with transaction.atomic():
        moved = outbox.retry_failed(fanout, codes=codes, among=of_mailing(placement, fanout).keys())
        audit.record(
            "newsroom.retried_failed",
            organization=placement.organization_id,
            by=by,
            on=placement.update,
            detail={"codes": codes, "count": moved},
        )
        announce(placement.organization_id, fanout.topic)
    return moved


def may_send_unknown(fanout: Fanout) -> bool:
    """Whether there is something unknown that a person may send again."""
    return fanout.n_unknown > 0 and not (fanout.stopped_at or fanout.withheld_at or fanout.forgotten_at)


def send_unknown_again(placement: Placement, *, by: Person, mark: int, only_not_sent: bool) -> int:
    """Unknown ones again, to those who are still meant. Returns how many.

    ``mark``: what the person saw (``doubts.unknown``); ``only_not_sent``: of which there is evidence that they did not go.
    """
    fanout = mailing_of(placement)
    if fanout is None or not may_send_unknown(fanout):
        return 0
    with transaction.atomic():
        seen = doubts.unknown(fanout)
        moved = outbox.retry_unknown(
            fanout,
            mark=mark,
            only_not_sent=only_not_sent,
            among=of_mailing(placement, fanout).keys(),
        )
        audit.record(
            "newsroom.sent_unknown_again",
            organization=placement.organization_id,
            by=by,
            on=placement.update,
            detail={
                "count": moved,
                "unknown": seen.count,
                "not_sent": seen.not_sent,
                "only_not_sent": only_not_sent,
            },
        )
        announce(placement.organization_id, fanout.topic)
    return moved


def stop(placement: Placement, *, by: Person) -> int:
    """What has not left yet does not leave. Returns how many were spared."""
    fanout = mailing_of(placement)
    if fanout is None or fanout.stopped_at is not None:
        return 0
    with transaction.atomic():
        spared = outbox.stop_fanout(fanout)
        audit.record(
            "newsroom.stopped",
            organization=placement.organization_id,
            by=by,
            on=placement.update,
            detail={"count": spared},
        )
        announce(placement.organization_id, fanout.topic)
    return spared
