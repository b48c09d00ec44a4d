# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many people an account may reach in 24 hours: set, learnt from the platform, and said before anything is sent.

The limit belongs to the platform's account, so all numbers of one account (of one organization) share it. What it does to
the messages themselves is in ``daily.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils import timezone

from arengo.delivery.limits.daily import DAY, account_of, window_of
from arengo.delivery.models import Fanout, Heard, Outbox, OutboxState, Reached, Sender, Urgency
from arengo.delivery.senders import activation
from arengo.platforms.contract import CountsPeople
from arengo.platforms.registry import platform

_SOON = timedelta(minutes=30)  # what waits for less than this waits for its turn, not for a day


def steps(platform_name: str) -> tuple[int, ...]:
    """Of the platform's limit, the smallest first; empty where it sets none. Beyond the last there is no limit."""
    speaks = platform(platform_name)
    return speaks.people_a_day if isinstance(speaks, CountsPeople) else ()


def sharing(sender: Sender) -> list[Sender]:
    """The numbers of the same account, this one among them."""
    account = account_of(sender.credentials)
    of_platform = Sender.objects.filter(platform=sender.platform)
    return [each for each in of_platform if account_of(each.credentials) == account]


def set_limit(sender: Sender, people: int | None) -> bool:
    """For all numbers of the account; None: no limit. Their owners start anew with it. Returns whether it changed."""
    those = [each.pk for each in sharing(sender)]
    changed = Sender.objects.filter(pk__in=those).exclude(tier=people).update(tier=people)
    sender.tier = people
    if changed:
        activation.changed(sender)
    return bool(changed)


@dataclass(frozen=True)
class Outlook:
    """Of a mailing that is about to leave: how many today, how many later, and from when to when those leave."""

    limit: int
    today: int
    later: int
    begins_at: datetime | None = None
    ends_at: datetime | None = None


def outlook(sender: Sender, recipients: int, among: Callable[[Collection[bytes]], int]) -> Outlook | None:
    """None where no limit is known. ``among`` says how many recipients have one of these address hashes.

    A person who was reached today or is in a conversation needs no place; what waits already goes before. An alert asks for no
    more patience than the platform's: it goes before the news that waits.
    """
    if sender.tier is None:
        return None
    now = timezone.now()
    reached = _reached(sender, now)
    waiting = (
        Fanout.objects.filter(
            sender__in=sharing(sender), urgency=Urgency.NEWS, n_waiting__gt=0, stopped_at__isnull=True
        ).aggregate(waiting=Sum("n_waiting"))["waiting"]
        or 0
    )
    used = reached.count()
    room = max(0, sender.tier - used - waiting)
    if recipients <= room:
        return Outlook(sender.tier, recipients, 0)
    heard = Heard.objects.filter(sender=sender, at__gt=now - window_of(sender.platform))
    places = {bytes(row) for row in reached.values_list("address_hash", flat=True)}
    places |= {bytes(row) for row in heard.values_list("address_hash", flat=True)}
    free = among(places) if places else 0
    today = min(recipients, free + room)
    if today == recipients:
        return Outlook(sender.tier, recipients, 0)
    times = _Places(sender.tier, now, list(reached.order_by("at").values_list("at", flat=True)))
    return Outlook(
        sender.tier,
        today,
        recipients - today,
        begins_at=times.of(waiting + today - free),
        ends_at=times.of(waiting + recipients - free - 1),
    )


def _reached(sender: Sender, now: datetime) -> QuerySet[Reached]:
    return Reached.objects.filter(account=account_of(sender.credentials), at__gt=now - DAY)


class _Places:
    """When the places come free: those of today now, the others a day after they were taken, and again each day."""

    def __init__(self, limit: int, now: datetime, taken: list[datetime]) -> None:
        self._limit = limit
        used = taken[-limit:]
        self._first = [now] * (limit - len(used)) + [at + DAY for at in used]

    def of(self, place: int) -> datetime:
        days, rest = divmod(place, self._limit)
        return self._first[rest] + days * DAY


@dataclass(frozen=True)
class Held:
    """Deliveries of a mailing that wait for more than their turn, and from when to when they leave."""

    count: int
    begins_at: datetime
    ends_at: datetime


def held(fanout: Fanout) -> Held | None:
    """What waits because the day's people are used up."""
    return _later(fanout, held=True)


def second_tries(fanout: Fanout) -> Held | None:
    """What the platform would not bring to some people that day, and goes once more."""
    return _later(fanout, held=False, not_before__gt=timezone.now() + _SOON)


def _later(fanout: Fanout, **which: object) -> Held | None:
    if not fanout.n_waiting:
        return None
    found = Outbox.objects.filter(
        sender_id=fanout.sender_id, fanout_id=fanout.pk, state=OutboxState.LATER, **which
    ).aggregate(count=Count("pk"), begins_at=Min("not_before"), ends_at=Max("not_before"))
    return Held(**found) if found["count"] else None


def forget(organization_id: int, hashes: Collection[bytes], *, until: datetime | None = None) -> None:
    """Of who is erased nothing is counted any more; ``until``: nothing of before then."""
    for model in (Reached, Heard):
        found = model.objects.filter(organization_id=organization_id, address_hash__in=list(hashes))
        (found if until is None else found.filter(at__lt=until)).delete()
