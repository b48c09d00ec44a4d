# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long citizens wait, and who waits for longer than the organization promises.

The clock of a desk runs while the desk is open. The one function that knows its hours is :func:`_minutes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.lengths import grouped
from arengo.desk.lists.models import Promise

DEFAULT_PROMISE = 60  # minutes


def promise() -> int:
    """Within how many opening minutes this organization answers."""
    return promised(Promise.objects.values_list("minutes", flat=True).first())


def promised(kept: int | None) -> int:
    return DEFAULT_PROMISE if kept is None else kept


def _minutes(since: datetime, now: datetime) -> int:
    return max(int((now - since).total_seconds()) // 60, 0)


@dataclass(frozen=True)
class Clock:
    """One moment, for a whole page. ``late_before``: who has waited since before it, at this desk, waits too long."""

    now: datetime
    promise: int
    late_before: Mapping[int, datetime]

    def waited(self, desk_id: int, since: datetime) -> int:
        """Minutes of the desk's opening time."""
        return _minutes(since, self.now)

    def sentence(self, desk_id: int) -> str:
        """With holes for «%(time)s» and «%(since)s»."""
        return _("Aspetta da %(time)s: da %(since)s")

    def is_late(self, desk_id: int, since: datetime) -> bool:
        return since <= self.late_before.get(desk_id, self.now)


def clock(desks: Iterable[int], minutes: int) -> Clock:
    """Of these desks, with this promise."""
    now = timezone.now()
    late = now - timedelta(minutes=minutes)
    return Clock(now, minutes, dict.fromkeys(desks, late))


def long_words(minutes: int) -> str:
    """«5 h 22 min», «42 min»; above 100 hours without the minutes."""
    hours, left = divmod(max(minutes, 0), 60)
    if hours >= 100:
        return _("%(hours)s h") % {"hours": grouped(hours)}
    if hours and left:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": left}
    return _("%(hours)d h") % {"hours": hours} if hours else _("%(minutes)d min") % {"minutes": left}
