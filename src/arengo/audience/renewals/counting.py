# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a renewal is: asked, accepted, left, not yet, not reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from arengo.audience.renewals.models import Asking, Renewal
from arengo.delivery.models import Fanout
from arengo.platforms.registry import platform

_State = Asking.State


@dataclass(frozen=True)
class Progress:
    """Of people. ``leaving``: messages that wait to leave. ``unreached``: so far, of those who did not answer.

    ``gone``: people who were erased since, or merged with another card.
    """

    asked: int
    accepted: int
    stays: int
    left: int
    waiting: int
    unreached: int
    unanswered: int
    restored: int
    leaving: int = 0

    @property
    def answered(self) -> int:
        return self.accepted + self.stays + self.left

    @property
    def all_left(self) -> int:
        """By a word of theirs, or because there was none."""
        return self.left + self.unanswered

    @property
    def gone(self) -> int:
        told = self.answered + self.waiting + self.unreached + self.unanswered + self.restored
        return max(0, self.asked - told)


def by_state(renewal: Renewal) -> dict[str, int]:
    """Along the index of renewal and state."""
    rows = Asking.objects.filter(renewal=renewal).values("state").annotate(many=Count("pk"))
    return dict(rows.values_list("state", "many"))


def progress(renewal: Renewal) -> Progress:
    """While people may still answer, who was not reached is told by the mailings' own counters, as far as receipts came."""
    counted: Mapping[str, int] = renewal.counted if renewal.counted is not None else by_state(renewal)
    waiting, unreached = counted.get(_State.WAITING, 0), counted.get(_State.UNREACHED, 0)
    leaving = 0
    if renewal.counted is None:
        missed = 0
        for mailing in renewal.mailings.select_related("fanout__sender"):
            missed += _missed(mailing.fanout)
            leaving += mailing.fanout.n_waiting
        missed = min(waiting, max(0, missed - leaving))
        waiting, unreached = waiting - missed, unreached + missed
    return Progress(
        renewal.asked,
        counted.get(_State.ACCEPTED, 0),
        counted.get(_State.STAYS, 0),
        counted.get(_State.LEFT, 0),
        waiting,
        unreached,
        counted.get(_State.UNANSWERED, 0),
        counted.get(_State.RESTORED, 0),
        leaving,
    )


def _missed(fanout: Fanout) -> int:
    came = fanout.n_delivered if platform(fanout.sender.platform).can.receipts else fanout.n_accepted
    return max(0, fanout.total - came)
