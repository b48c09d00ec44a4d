# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long citizens wait, and who waits for longer than the organization promises.

The clock of a desk runs while the desk is open (``desk/hours``). A desk without a timetable counts plain minutes: nobody said
when it is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.lengths import grouped
from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.reading import DeskHours, schedules
from arengo.desk.lists.models import Promise

DEFAULT_PROMISE = 60  # minutes
_BACK = timedelta(days=60)  # a desk that was shut for longer is late with all who wait
_EXACT = timedelta(seconds=30)


def promise() -> int:
    """Within how many opening minutes this organization answers."""
    return promised(Promise.objects.values_list("minutes", flat=True).first())


def promised(kept: int | None) -> int:
    return DEFAULT_PROMISE if kept is None else kept


@dataclass(frozen=True)
class Clock:
    """One moment, for a whole page. ``late_before``: who has waited since before it, at this desk, waits too long."""

    now: datetime
    promise: int
    schedules: Mapping[int, Schedule]  # of desks whose hours are known
    late_before: Mapping[int, datetime]

    def waited(self, desk_id: int, since: datetime) -> int:
        """Minutes of the desk's opening time."""
        schedule = self.schedules.get(desk_id)
        if schedule is None:
            return max(int((self.now - since).total_seconds()) // 60, 0)
        return schedule.opening_minutes(since, self.now)

    def sentence(self, desk_id: int) -> str:
        """With holes for «%(time)s» and «%(since)s»."""
        if desk_id in self.schedules:
            return _("Aspetta da %(time)s di apertura: da %(since)s")
        return _("Aspetta da %(time)s: da %(since)s")

    def is_late(self, desk_id: int, since: datetime) -> bool:
        return since <= self.late_before.get(desk_id, self.now)


def clock(desks: Collection[int], minutes: int, read: Iterable[DeskHours] = ()) -> Clock:
    """Of these desks, with this promise. ``read``: hours that are here already; one query where those of a desk are not."""
    now = timezone.now()
    found = {each.pk: each.schedule for each in read}
    found |= schedules([pk for pk in desks if pk not in found])
    known = {pk: found[pk] for pk in desks if pk in found and found[pk].configured}
    late = {pk: _late_before(known.get(pk), now, minutes) for pk in desks}
    return Clock(now, minutes, known, late)


def _late_before(schedule: Schedule | None, now: datetime, minutes: int) -> datetime:
    """The latest moment from which so many opening minutes have passed.

    They only grow the further one goes back, so halving finds it, in some twenty steps. Within the last 60 days: where the
    desk was hardly open in them, who wrote before is late.
    """
    if schedule is None:
        return now - timedelta(minutes=minutes)
    early, recent = now - _BACK, now - timedelta(minutes=minutes)
    if schedule.opening_minutes(recent, now) >= minutes:
        return recent
    while recent - early > _EXACT:
        middle = early + (recent - early) / 2
        if schedule.opening_minutes(middle, now) >= minutes:
            early = middle
        else:
            recent = middle
    return early


def long_words(minutes: int) -> str:
    """«5 h 22 min», «42 min»; above 100 hours without the minutes."""
    hours, left = divmod(max(minutes, 0), 60)
    if hours >= 100:
        return _("%(hours)s h") % {"hours": grouped(hours)}
    if hours and left:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": left}
    return _("%(hours)d h") % {"hours": hours} if hours else _("%(minutes)d min") % {"minutes": left}
