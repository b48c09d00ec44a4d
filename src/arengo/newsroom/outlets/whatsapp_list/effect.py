# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a mailing brought about: how many it reached and how many read it, beside the last ten; who left the list after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from arengo.audience.reasons import Reason
from arengo.core import outside
from arengo.delivery.models import Fanout
from arengo.delivery.prices import pricing
from arengo.delivery.spending.figures import of_mailings
from arengo.newsroom.estimating import ESTIMATE
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.whatsapp_list import KEY
from arengo.newsroom.outlets.whatsapp_list.sql import statement
from arengo.platforms.registry import platform

WINDOW = timedelta(
    hours=24
)  # after a person's own message: who leaves then is counted as leaving because of it
COMPARED = 10
LEFT = "left"  # in a placement's detail: how many, once the window is over
_OWN_WILL = (Reason.UNSUBSCRIBED, Reason.PLATFORM)


@dataclass(frozen=True)
class Share:
    """Of a hundred. ``usual``: of the mailings before, None where there is none."""

    now: int
    usual: int | None

    @property
    def change(self) -> int | None:
        return None if self.usual is None else self.now - self.usual

    @property
    def fewer(self) -> int:
        return -min(0, self.change or 0)


@dataclass(frozen=True)
class Effect:
    """``arrived``: of a hundred recipients; ``read``: of a hundred whom it reached. None where the platform tells nothing.

    ``left``: who left the list of their own will within ``WINDOW`` of their message; None where it is not known any more.
    ``spent``: what receipts say that it cost, "" where none did or no price is known; ``estimated``: what was said before.
    ``counting``: the window is open, and more may leave. ``compared``: how many mailings before it there are to compare with.
    """

    arrived: Share | None
    read: Share | None
    left: int | None
    usual_left: float | None
    counting: bool
    compared: int
    spent: str
    estimated: str
    hours: int = int(WINDOW.total_seconds() // 3600)


def effect_of(placement: Placement, fanout: Fanout) -> Effect:
    before = _before(placement)
    mailings = [one for one, _left in before]
    receipts = platform(fanout.sender.platform).can.receipts
    left = placement.detail.get(LEFT)
    if left is None and fanout.forgotten_at is None:
        left = who_left(fanout)
    known = [many for _one, many in before if many is not None]
    return Effect(
        arrived=_share(fanout, mailings, "n_delivered", "total") if receipts else None,
        read=_share(fanout, mailings, "n_read", "n_delivered") if receipts else None,
        left=left,
        usual_left=round(sum(known) / len(known), 1) if known else None,
        counting=LEFT not in placement.detail and not is_closed(fanout, timezone.now()),
        compared=len(mailings),
        spent=spent.words if (spent := of_mailings([fanout.pk]).get(fanout.pk)) else "",
        estimated=_estimated(placement),
    )


def _estimated(placement: Placement) -> str:
    cost = placement.detail.get(ESTIMATE, {}).get("cost")
    return pricing.money(Decimal(cost["amount"]), cost["currency"]) if cost else ""


def is_closed(fanout: Fanout, now: datetime) -> bool:
    """Nobody is left whose message went less than ``WINDOW`` ago."""
    return fanout.n_waiting == 0 and (fanout.last_accepted_at or fanout.created_at) + WINDOW <= now


def who_left(fanout: Fanout) -> int:
    """Inside the organization's scope. Each person once, among those who were sent this."""
    first = fanout.first_accepted_at
    if first is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            statement("who_left"),
            {
                "organization": fanout.organization_id,
                "fanout": fanout.pk,
                "reasons": [reason.value for reason in _OWN_WILL],
                "first": first,
                "last": (fanout.last_accepted_at or first) + WINDOW,
                "hours": WINDOW.total_seconds() / 3600,
            },
        )
        return int(cursor.fetchone()[0])


def _before(placement: Placement) -> list[tuple[Fanout, int | None]]:
    """The last ten mailings before this one that reached somebody, with how many left after each, where it was counted."""
    earlier = (
        Placement.objects.filter(outlet=KEY, update__sent_at__lt=placement.update.sent_at)
        .exclude(reference="")
        .order_by("-update__sent_at")[: COMPARED * 2]  # some of them reached nobody
    )
    left = {outside.whole(one.reference): one.detail.get(LEFT) for one in earlier}
    found = {one.pk: one for one in Fanout.objects.filter(pk__in=left, n_accepted__gt=0)}
    return [(found[pk], many) for pk, many in left.items() if pk in found][:COMPARED]


def _share(fanout: Fanout, before: Sequence[Fanout], part: str, whole: str) -> Share | None:
    mine = _of_hundred(getattr(fanout, part), getattr(fanout, whole))
    if mine is None:
        return None
    others = [_of_hundred(getattr(one, part), getattr(one, whole)) for one in before]
    known = [one for one in others if one is not None]
    return Share(round(mine), round(sum(known) / len(known)) if known else None)


def _of_hundred(part: int, whole: int) -> float | None:
    return min(100.0, part * 100 / whole) if whole else None
