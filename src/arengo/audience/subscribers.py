# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is on the list: how many, and where each is reached.

A mailing walks the list in constant memory, a page of rows at a time by key, so that a million subscribers take no
more room than five thousand and no transaction stays open while the outbox fills.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from arengo.audience.models import Consent, Subscription, Topic
from arengo.core.vault import vault
from arengo.platforms.contract import Address

_PAGE = 5000  # rows


def subscribed(
    sender: Model | int, topics: Iterable[Topic | int] | None = None, *, marketing: bool = False
) -> Iterator[Address]:
    """Where everybody on the list of this sender is reached, in a stable order. ``sender``: it, or its id.

    ``topics``: only who wants at least one of them, or all. ``marketing``: of what people may stop at the platform, so
    without those who did; the platform would refuse them. An alert goes to everybody.
    """
    found = _active(sender, topics, marketing=marketing)
    after = 0
    while True:
        page = list(
            found.filter(pk__gt=after)
            .order_by("pk")
            .values_list("pk", "identity__phone_sealed", "identity__user_id_sealed")[:_PAGE]
        )
        for _pk, phone, user_id in page:
            yield _address(phone, user_id)
        if len(page) < _PAGE:
            return
        after = page[-1][0]


def subscriber_count(
    sender: Model | int | None = None,
    topics: Iterable[Topic | int] | None = None,
    *,
    marketing: bool = False,
    among: Collection[bytes] | None = None,
) -> int:
    """How many :func:`subscribed` would give; of all senders when none is named.

    ``among``: only those whose ``Address.key`` has one of these hashes.
    """
    found = _active(sender, topics, marketing=marketing)
    if among is not None:
        hashes = list(among)
        found = found.filter(
            Q(identity__phone_hash__in=hashes)
            | Q(identity__phone_hash__isnull=True, identity__user_id_hash__in=hashes)
        )
    return found.count()


def stopped_count(sender: Model | int | None = None) -> int:
    """Subscribers who told the platform that they want no news: alerts reach them, news and digests do not."""
    return _active(sender, None, marketing=False).filter(identity__marketing_stopped_at__isnull=False).count()


def _active(
    sender: Model | int | None, topics: Iterable[Topic | int] | None, *, marketing: bool
) -> QuerySet[Subscription]:
    found: QuerySet[Subscription] = Subscription.objects.filter(active=True)
    if sender is not None:
        found = found.filter(sender_id=sender if isinstance(sender, int) else sender.pk)
    if marketing:
        found = found.filter(identity__marketing_stopped_at__isnull=True)
    wanted = [topic.pk if isinstance(topic, Topic) else topic for topic in topics or ()]
    if wanted:
        chosen = Subscription.topics.through.objects.filter(subscription_id=OuterRef("pk"))
        found = found.filter(Q(~Exists(chosen)) | Q(Exists(chosen.filter(topic_id__in=wanted))))
    return found


def _address(phone: bytes | memoryview[int] | None, user_id: bytes | memoryview[int] | None) -> Address:
    return Address(
        phone=vault().open_text(bytes(phone), purpose="phone") if phone else None,
        user_id=vault().open_text(bytes(user_id), purpose="user_id") if user_id else None,
    )


@dataclass(frozen=True)
class Day:
    """How many came onto the list and left it on one day."""

    day: date
    joined: int
    left: int


def movements(days: int = 30, *, now: datetime | None = None) -> list[Day]:
    """The last days, today included, oldest first. In the current time zone."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=days - 1)
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    counted = (
        Consent.objects.filter(effective=True, at__gte=start)
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(
            joined=Count("pk", filter=Q(deed=Consent.Deed.GIVEN)),
            left=Count("pk", filter=Q(deed=Consent.Deed.WITHDRAWN)),
        )
    )
    by_day = {row["day"]: Day(row["day"], row["joined"], row["left"]) for row in counted}
    return [
        by_day.get(day, Day(day, 0, 0)) for day in (first + timedelta(days=number) for number in range(days))
    ]
