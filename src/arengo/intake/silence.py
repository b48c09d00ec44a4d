# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers that are silent for longer than is usual for them.

1. ``heard`` counts the gaps between webhooks, in each hour that they touch (reader.py, after its commit), and tells when
   the last one came (``SenderHeard``).
2. ``watch`` compares the silence of each number with its gaps in the same hour of the week over 28 days: longer than 99 in
   100 of them, and than two hours. An hour that has just begun says nothing yet, so the hour before it must agree.
3. Then the platform is asked, and the alarm rings with what it says (intake/condition/troubles.py).
4. The next webhook ends it.

The journal is not asked: its rows go after days, and it has no index by sender.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from arengo.core.events import Batch, publish
from arengo.core.live import announce
from arengo.intake.events import SenderHeard
from arengo.intake.models import Gap, LastWebhook, Silence
from arengo.intake.sql import statement
from arengo.platforms.calls import call
from arengo.platforms.contract import Credentials, Platform, Refusal, Remedy, TellsListeners

DAYS = 28  # of which gaps are kept
SHORTEST = timedelta(hours=2)  # no silence is remarkable before
SHARE = 0.99
KNOWN_FOR = timedelta(days=14)  # before that a number has no habits
FEW = 8  # gaps in one hour of the week: with fewer, all gaps of the number have their say too
# Minutes from one question about a silence to the next; after the last one nobody is asked any more.
ASK_AGAIN = (15, 60, 240, 720, 1440)
MOST_ASKED = 20  # numbers of one round: an outage of ours must not keep the worker waiting

_MARK = timedelta(seconds=5)  # webhooks that are closer together count as one
_ROUNDED = (1, 5, 15, 30, 60)  # minutes; longer ones to the next quarter of an hour
_HOUR = timedelta(hours=1)
_BEHIND = timedelta(minutes=1)  # the journal's oldest row
_WITHIN = 20.0  # seconds of one question


# --- what was heard -------------------------------------------------------------------------------------------


def heard(times: Mapping[int, Sequence[datetime]]) -> None:
    """When webhooks came, by sender, in any order. Older ones than are known change nothing."""
    last = dict(LastWebhook.objects.filter(pk__in=list(times)).values_list("pk", "received_at"))
    news = {
        sender_id: marks
        for sender_id, marks in times.items()
        if sender_id not in last or max(marks) >= last[sender_id] + _MARK
    }
    if news:
        with transaction.atomic():
            for sender_id in sorted(news):
                _heard_of(sender_id, news[sender_id])


def _heard_of(sender_id: int, times: Iterable[datetime]) -> None:
    row, made = LastWebhook.objects.select_for_update(no_key=True).get_or_create(
        pk=sender_id, defaults={"received_at": min(times)}
    )
    last = row.received_at
    counted: Counter[tuple[datetime, int]] = Counter()
    for at in sorted(times):
        if at >= last + _MARK:
            start = max(last, at - timedelta(days=DAYS))
            first = start.replace(minute=0, second=0, microsecond=0)
            hours = [first + _HOUR * number for number in range(int((at - first) / _HOUR) + 1)]
            for hour in hours:
                counted[hour, rounded(at - last)] += 1
            last = at
    if made or last != row.received_at:
        LastWebhook.objects.filter(pk=sender_id).update(received_at=last)
        _count(sender_id, counted)
        _tell(sender_id, last)
        _end(sender_id)


def rounded(gap: timedelta) -> int:
    """Its length in minutes, rounded up: the longer, the more coarsely."""
    minutes = gap.total_seconds() / 60
    return next((step for step in _ROUNDED if minutes <= step), math.ceil(minutes / 15) * 15)


def _count(sender_id: int, counted: Mapping[tuple[datetime, int], int]) -> None:
    keys = sorted(counted)
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_gap AS known (sender_id, hour, minutes, count) "
            "SELECT %s, * FROM unnest(%s::timestamptz[], %s::int[], %s::int[]) "
            "ON CONFLICT (sender_id, hour, minutes) DO UPDATE SET count = known.count + excluded.count",
            [
                sender_id,
                [hour for hour, _minutes in keys],
                [minutes for _hour, minutes in keys],
                [counted[key] for key in keys],
            ],
        )


def _end(sender_id: int) -> None:
    if Silence.objects.filter(pk=sender_id).delete()[0]:
        _announce(sender_id)


# --- what is usual --------------------------------------------------------------------------------------------


def usual(sender_id: int, now: datetime) -> timedelta | None:
    """How long this number may be silent at this hour of the week; None while too little is known of it."""
    gaps = Gap.objects.filter(sender_id=sender_id, hour__gt=now - timedelta(days=DAYS), hour__lte=now)
    zone = ZoneInfo(settings.TIME_ZONE)
    by_week_hour: dict[tuple[int, int], Counter[int]] = {}
    weeks: dict[tuple[int, int], set[datetime]] = {}
    every: Counter[int] = Counter()
    first = now
    for hour, minutes, count in gaps.values_list("hour", "minutes", "count"):
        key = _week_hour(hour, zone)
        by_week_hour.setdefault(key, Counter())[minutes] += count
        weeks.setdefault(key, set()).add(hour)
        every[minutes] += count
        first = min(first, hour)
    if now - first < KNOWN_FOR:
        return None
    longest = 0
    for hour in (now - _HOUR, now):
        key = _week_hour(hour, zone)
        if len(weeks.get(key, ())) < 2:
            return None
        found = by_week_hour[key]
        longest = max(longest, percentile(found))
        if found.total() < FEW:
            longest = max(longest, percentile(every))
    return max(SHORTEST, timedelta(minutes=longest))


def percentile(counts: Mapping[int, int]) -> int:
    """The nearest rank: the least length that 99 in 100 do not exceed. 0 of nothing."""
    rank, seen = math.ceil(SHARE * sum(counts.values())), 0
    for minutes in sorted(counts):
        seen += counts[minutes]
        if seen >= rank:
            return minutes
    return 0


def _week_hour(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = moment.astimezone(zone)
    return local.weekday(), local.hour


# --- the watch ------------------------------------------------------------------------------------------------


def watch(now: datetime | None = None) -> list[int]:
    """The senders that are silent for longer than usual. Of every organization: called by a job, inside such a scope."""
    now = now or timezone.now()
    Gap.objects.filter(hour__lt=now - timedelta(days=DAYS, hours=1)).delete()
    with connection.cursor() as cursor:  # what waits to be read has come, whosever it is
        cursor.execute(statement("first_waiting"))
        row = cursor.fetchone()
    if row and now - row[0] > _BEHIND:
        return []
    quiet, asked = [], 0
    for last in LastWebhook.objects.filter(received_at__lte=now - SHORTEST).select_related("sender"):
        expected = usual(last.pk, now)
        if expected is None:  # of a number that nobody uses any more, nothing is usual
            _end(last.pk)
        elif now - last.received_at > expected:
            quiet.append(last.pk)
            if asked < MOST_ASKED:
                asked += _ring(last, expected, now)
    return quiet


def _ring(last: LastWebhook, expected: timedelta, now: datetime) -> bool:
    """Whether the platform was asked: then the alarm rings, if nothing came meanwhile."""
    silence = Silence.objects.filter(pk=last.pk).first() or Silence(
        pk=last.pk, since=last.received_at, usual_minutes=round(expected.total_seconds() / 60)
    )
    if not _is_due(silence, now):
        return False
    silence.answer, silence.code = ask(last.sender)
    silence.asked, silence.asked_at = silence.asked + 1, now
    with transaction.atomic():
        # The answer took its time: a webhook that came meanwhile has ended the silence.
        if (
            LastWebhook.objects.select_for_update(no_key=True)
            .filter(pk=last.pk, received_at=silence.since)
            .exists()
        ):
            silence.save()
            _announce(last.pk)
    return True


def _is_due(silence: Silence, now: datetime) -> bool:
    if silence.asked_at is None:
        return True
    if silence.asked > len(ASK_AGAIN):
        return False
    return now >= silence.asked_at + timedelta(minutes=ASK_AGAIN[silence.asked - 1])


class Number(Protocol):
    """delivery.Sender, which stands on our floor."""

    platform: str
    hook_key: str

    @property
    def credentials(self) -> Credentials: ...


def ask(sender: Number) -> tuple[Silence.Answer, int]:
    """What the platform says of the number and of where it delivers; with the code of a refusal."""
    here = f"{settings.PUBLIC_URL}/hooks/{sender.hook_key}"

    async def questions(platform: Platform, http: Any) -> list[str] | None:
        await platform.describe(http, sender.credentials)
        if not isinstance(platform, TellsListeners):
            return None
        return await platform.listeners(http, sender.credentials)

    try:
        found = call(sender.platform, questions, within=_WITHIN)
    except Refusal as refusal:
        passing = refusal.remedy in (Remedy.RETRY, Remedy.RETRY_LATER) or refusal.code <= 0
        return Silence.Answer.UNREACHABLE if passing else Silence.Answer.REFUSED, refusal.code
    if found is None:
        return Silence.Answer.UNKNOWN, 0
    if here in found:
        return Silence.Answer.HERE, 0
    if not found:
        return Silence.Answer.NOBODY, 0
    # An app without an address for this account alone delivers to the one in its own settings, which is not told.
    return (Silence.Answer.ELSEWHERE if all(found) else Silence.Answer.UNKNOWN), 0


def _tell(sender_id: int, at: datetime) -> None:
    organization_id = _organization(sender_id)
    if organization_id is not None:
        publish(SenderHeard, Batch(organization_id, sender_id, [SenderHeard(at)]))


def _announce(sender_id: int) -> None:
    organization_id = _organization(sender_id)
    if organization_id is not None:
        announce(organization_id, "senders")


def _organization(sender_id: int) -> int | None:
    """None for a sender that is gone."""
    known = LastWebhook.objects.filter(pk=sender_id).values_list("sender__organization_id", flat=True)
    return known.first()
