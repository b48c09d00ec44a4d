# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Arengo sends by itself passes here, whatever kind it is of: per person and kind, per organization, counted.

Each message costs money, and everybody who writes can make Arengo answer. So many a person are sent, so many an organization;
what is owed (the welcome of a first join) waits for its turn and is never dropped, all else beyond a ceiling is not sent,
and the screen says so. The counters are rows of PostgreSQL, written in the transaction of what is answered: a batch costs
a handful of statements, and what is undone is not counted.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from arengo.core import attempts, automatic
from arengo.core.ceilings import AUTOMATIC_A_MINUTE, AUTOMATIC_AT_ONCE
from arengo.core.models import AutomaticCount, AutomaticPace

_STEP = timedelta(minutes=1) / AUTOMATIC_A_MINUTE  # what one message uses of the organization's allowance
_AHEAD = _STEP * (AUTOMATIC_AT_ONCE - 1)
_LATELY = timedelta(hours=2)
KEPT = timedelta(days=35)


class Verdict(enum.Enum):
    SEND = "send"
    OFF = "off"  # the organization does not send this kind
    TOO_MANY_TO_ONE = "person"
    TOO_MANY_IN_ALL = "organization"


class Wanted(NamedTuple):
    """``person``: whom it is for, by a stable name of our own that tells nothing (``contact:12``).

    ``owed``: it may wait for the organization's pace, and is not dropped.
    """

    kind: str
    person: str
    owed: bool = False


@dataclass(frozen=True)
class Decision:
    """``not_before``: when it may leave, of one that waits for the organization's pace."""

    verdict: Verdict
    not_before: datetime | None = None


_OFF, _PERSON, _ALL = (
    Decision(verdict) for verdict in (Verdict.OFF, Verdict.TOO_MANY_TO_ONE, Verdict.TOO_MANY_IN_ALL)
)


def admit(organization_id: int, wanted: Sequence[Wanted]) -> list[Decision]:
    """What may be sent, in the order given; it counts as sent. Inside the organization's scope, in the caller's transaction.

    LookupError for a kind that no room registered.
    """
    for name in {each.kind for each in wanted}:
        automatic.kind(name)
    on = automatic.switched_on()
    decisions = [_OFF] * len(wanted)
    candidates = [place for place, each in enumerate(wanted) if each.kind in on]
    within = _within_persons_ceilings(wanted, candidates)
    for place in candidates:
        if place not in within:
            decisions[place] = _PERSON
    if within:
        _pace(organization_id, wanted, sorted(within), decisions)
    _count(organization_id, wanted, decisions)
    return decisions


def _within_persons_ceilings(wanted: Sequence[Wanted], candidates: Sequence[int]) -> set[int]:
    """One ceiling of all kinds after the other; what one refuses does not count for the next."""
    left = list(candidates)
    most = max((len(automatic.kind(wanted[place].kind).per_person) for place in left), default=0)
    for number in range(most):
        counted = [
            (automatic.kind(wanted[place].kind).per_person[number], wanted[place].person)
            for place in left
            if number < len(automatic.kind(wanted[place].kind).per_person)
        ]
        allowed = iter(attempts.allowed_of(counted))
        left = [
            place
            for place in left
            if number >= len(automatic.kind(wanted[place].kind).per_person)
            or next(allowed)
            or wanted[place].owed
        ]
    return set(left)


def _pace(
    organization_id: int, wanted: Sequence[Wanted], places: Sequence[int], decisions: list[Decision]
) -> None:
    """The organization's allowance fills up at a steady pace, to so many at once; ``used_until`` is all that is kept.

    (The generic cell rate algorithm of ITU-T I.371.)
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_PACE, [organization_id, now])  # made, or locked
        [(kept,)] = cursor.fetchall()
    used_until = max(kept, now)
    for place in places:
        may_go = used_until - _AHEAD
        if may_go <= now:
            decisions[place] = Decision(Verdict.SEND)
        elif wanted[place].owed:
            decisions[place] = Decision(Verdict.SEND, may_go)
        else:
            decisions[place] = _ALL
            continue
        used_until += _STEP
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_automaticpace SET used_until = %s WHERE organization_id = %s",
            [used_until, organization_id],
        )


_PACE = """
INSERT INTO core_automaticpace AS known (organization_id, used_until) VALUES (%s, %s)
ON CONFLICT (organization_id) DO UPDATE SET used_until = known.used_until RETURNING used_until
"""
_COUNT = """
INSERT INTO core_automaticcount AS known (organization_id, kind, hour, sent, queued, too_many_to_one, too_many_in_all)
SELECT %s, kind, date_trunc('hour', now()), sent, queued, one, all_of_them
FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[], %s::int[]) AS c (kind, sent, queued, one, all_of_them) ORDER BY kind
ON CONFLICT (organization_id, hour, kind) DO UPDATE SET sent = known.sent + excluded.sent,
  queued = known.queued + excluded.queued, too_many_to_one = known.too_many_to_one + excluded.too_many_to_one,
  too_many_in_all = known.too_many_in_all + excluded.too_many_in_all
"""


def _count(organization_id: int, wanted: Sequence[Wanted], decisions: Sequence[Decision]) -> None:
    found: Counter[tuple[str, Verdict]] = Counter()
    queued: Counter[str] = Counter()
    for each, decision in zip(wanted, decisions, strict=True):
        found[each.kind, decision.verdict] += 1
        queued[each.kind] += decision.not_before is not None
    names = sorted({name for name, verdict in found if verdict is not Verdict.OFF})
    if names:
        with connection.cursor() as cursor:
            cursor.execute(
                _COUNT,
                [
                    organization_id,
                    names,
                    [found[name, Verdict.SEND] for name in names],
                    [queued[name] for name in names],
                    [found[name, Verdict.TOO_MANY_TO_ONE] for name in names],
                    [found[name, Verdict.TOO_MANY_IN_ALL] for name in names],
                ],
            )


@dataclass(frozen=True)
class Lately:
    """Of one organization in this hour and the one before. ``waiting``: owed, and not left yet for the pace."""

    organization_id: int
    sent: int
    too_many_to_one: int
    too_many_in_all: int
    waiting: int


def lately() -> list[Lately]:
    """Of the scope's organizations that sent something by themselves, or did not because it was too much."""
    now = timezone.now()
    counted = (
        AutomaticCount.objects.filter(hour__gt=now - _LATELY)
        .values("organization_id")
        .annotate(Sum("sent"), Sum("too_many_to_one"), Sum("too_many_in_all"))
    )
    sums = {row["organization_id"]: row for row in counted}
    waiting = {
        pace.pk: max(0, -((now + _AHEAD - pace.used_until) // _STEP) - 1)
        for pace in AutomaticPace.objects.filter(used_until__gt=now)
    }
    nothing = {"sent__sum": 0, "too_many_to_one__sum": 0, "too_many_in_all__sum": 0}
    return [
        Lately(
            organization_id,
            sent=row["sent__sum"],
            too_many_to_one=row["too_many_to_one__sum"],
            too_many_in_all=row["too_many_in_all__sum"],
            waiting=waiting.get(organization_id, 0),
        )
        for organization_id in sorted(sums.keys() | waiting.keys())
        for row in [sums.get(organization_id, nothing)]
    ]


def forget_old() -> int:
    """Of all organizations. Some rows an hour and kind: one statement."""
    gone, _by_model = AutomaticCount.objects.filter(hour__lt=timezone.now() - KEPT).delete()
    return gone
