# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Periods in words."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _, ngettext

from arengo.core.time_words import in_words

YEAR, LEAP_YEAR, MONTH = 365, 366, 30  # days
_CHOICES = (7, 8, 14, 30, 35, 60, 90, 180, 365, 730, 1095, 1825, 3650)


def period(days: int) -> str:
    """«90 giorni», «6 mesi», «12 mesi», «5 anni»."""
    if days % YEAR == 0:
        years = days // YEAR
        if years <= 2:
            return _("%(count)d mesi") % {"count": 12 * years}
        return _("%(count)d anni") % {"count": years}
    if days % MONTH == 0 and days >= 6 * MONTH:
        return _("%(count)d mesi") % {"count": days // MONTH}
    return ngettext("%(count)d giorno", "%(count)d giorni", days) % {"count": days}


def length(lasts: timedelta) -> str:
    """Of a fixed time, which may be of minutes."""
    if lasts < timedelta(days=5):
        return in_words(lasts)
    years, more = divmod(lasts.days, LEAP_YEAR)
    return period(YEAR * years if not more else lasts.days)


def choices(least: int, most: int, *also: int) -> list[int]:
    """Days to choose from, the shortest first."""
    return sorted({least, most, *also, *(each for each in _CHOICES if least <= each <= most)})
