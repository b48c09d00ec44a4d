# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments and rhythms in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from arengo.core.templatetags.arengo import named
from arengo.newsroom.estimating import joined


def clock_words(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def weekdays_words(days: Sequence[int]) -> str:
    """«martedì e venerdì»."""
    return joined([str(WEEKDAYS[day]).lower() for day in days])


def moment_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """«domani, martedì 1 dicembre, alle 11:00»."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    values = {"day": named(local.date(), "l j F"), "clock": clock_words(local.hour * 60 + local.minute)}
    if local.date() == today:
        return _("oggi, %(day)s, alle %(clock)s") % values
    if local.date() == today + timedelta(days=1):
        return _("domani, %(day)s, alle %(clock)s") % values
    if local.year != today.year:
        return _("%(day)s, alle %(clock)s") % {**values, "day": named(local.date(), "l j F Y")}
    return _("%(day)s, alle %(clock)s") % values
