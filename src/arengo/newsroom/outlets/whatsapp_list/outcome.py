# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a mailing goes: counters, reasons of what failed, sending again what nobody knows of, stopping the rest."""

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
from arengo.delivery.spending import budgets
from arengo.desk.models import Reaction
from arengo.newsroom.models import Placement
from arengo.newsroom.outcome.bars import Part, parts
from arengo.newsroom.outcome.standing import Standing, of_figures
from arengo.newsroom.outlets.base.contract import Figures, Outcome
from arengo.newsroom.outlets.whatsapp_list.affording import too_dear
from arengo.newsroom.outlets.whatsapp_list.effect import Effect, effect_of
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from arengo.newsroom.outlets.whatsapp_list.recipients import of_mailing
from arengo.platforms.contract import TellsHopeless
from arengo.platforms.registry import platform

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


def figures_of(fanout: Fanout) -> Figures:
    """With its sender."""
    mailing = outcome_of(fanout)
    return Figures(
        total=mailing.total,
        accepted=mailing.accepted,
        delivered=mailing.delivered,
        read=mailing.read,
        failed=mailing.failed,
        unknown=mailing.unknown,
        cancelled=mailing.cancelled,
        waiting=mailing.waiting,
        over=mailing.is_over,
        stopped=mailing.stopped_at is not None,
        withheld=mailing.withheld_at is not None,
        held_up=fanout.sender.state == Sender.State.STOPPED,
        receipts=platform(fanout.sender.platform).can.receipts,
    )


@dataclass(frozen=True)
class Reason:
    """Why so many failed: the platform's code and own words, and what they mean. ``hopeless``: the same is refused again, as a rule."""

    code: int
    own_words: str
    meaning: str
    count: int
    hopeless: bool


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
    return [
        Reason(code, words or "", meaning(name, code), count, is_hopeless(name, code))
        for code, count, words in grouped
    ]


def is_hopeless(platform_name: str, code: int) -> bool:
    speaks = platform(platform_name)
    return isinstance(speaks, TellsHopeless) and speaks.is_hopeless(code)


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
    standing: Standing | None = None
    bar: Sequence[Part] = ()
    may_retry: bool = False
    effect: Effect | None = None


def shown(placement: Placement) -> ListOutcome:
    fanout = mailing_of(placement)
    if fanout is None:
        return ListOutcome(sender=placement.update.sender)
    mailing, figures = outcome_of(fanout), figures_of(fanout)
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
        figures=figures,
        standing=of_figures(figures),
        bar=parts(figures),
        may_retry=not (fanout.stopped_at or fanout.withheld_at or fanout.forgotten_at),
        effect=effect_of(placement, fanout) if mailing.is_over and fanout.n_accepted else None,
    )


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
        budgets.hold()
        if too_dear(placement.organization, fanout, seen.not_sent if only_not_sent else seen.count):
            return 0
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
