# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments of a town's day: which exist, which are quiet, which places of the plan are free. Pure: nothing here reads the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from arengo.newsroom.schedule.models import AT, QUIET_FROM, QUIET_UNTIL

_FURTHEST = 60  # days in which a free place is looked for
_SKIPPED = 120  # minutes that a clock skips at most, and a bit


class NoSuchMoment(ValueError):
    """The clock skips it: summer time begins."""


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Of the two that an hour in autumn has, the first. NoSuchMoment."""
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchMoment
    return local


@dataclass(frozen=True)
class Times:
    """As of ``models.Rhythm``."""

    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL
    weekdays: Sequence[int] = ()
    at: int = AT

    def is_quiet(self, at: datetime) -> bool:
        """``at`` in the organization's time."""
        minutes = at.hour * 60 + at.minute
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= minutes < self.quiet_until
        return minutes >= self.quiet_from or minutes < self.quiet_until

    def quiet_ends(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The end of the quiet hours in which ``at`` lies."""
        local = at.astimezone(zone)
        late = local.hour * 60 + local.minute >= self.quiet_from > self.quiet_until
        day = local.date() + timedelta(days=late)
        for later in range(0, _SKIPPED, 15):
            try:
                return moment(day, self.quiet_until + later, zone)
            except NoSuchMoment:
                continue
        raise NoSuchMoment

    def places(
        self, after: datetime, zone: ZoneInfo, taken: Collection[datetime], *, most: int
    ) -> list[datetime]:
        """The next free places of the plan."""
        found: list[datetime] = []
        first = after.astimezone(zone).date()
        for at in self._all(first, first + timedelta(days=_FURTHEST), zone):
            if at > after and at not in taken:
                found.append(at)
            if len(found) == most:
                break
        return found

    def places_between(self, first: date, last: date, zone: ZoneInfo) -> list[datetime]:
        """The places of these days, both included, taken or not."""
        return list(self._all(first, last, zone))

    def _all(self, first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day.weekday() in self.weekdays:
                try:
                    yield moment(day, self.at, zone)
                except NoSuchMoment:
                    continue
