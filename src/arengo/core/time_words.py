# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lengths of time and moments as people say them, short enough for a line of figures."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _, ngettext


def named_day(at: date | datetime, form: str) -> str:
    """Days and months as the language writes them inside of a sentence: Italian in small letters."""
    named = date_format(at, form)
    return named.lower() if get_language() == "it" else named


def in_words(length: timedelta) -> str:
    """«45 s», «3 min», «2 h», «4 giorni»: as exact as somebody who waits wants it."""
    seconds = max(0, math.floor(length.total_seconds()))
    if seconds < 120:
        return _("%(seconds)d s") % {"seconds": seconds}
    if seconds < 7200:
        return _("%(minutes)d min") % {"minutes": seconds // 60}
    if seconds < 172_800:
        return _("%(hours)d h") % {"hours": seconds // 3600}
    days = seconds // 86_400
    return ngettext("%(days)d giorno", "%(days)d giorni", days) % {"days": days}


def when(moment: datetime, now: datetime) -> str:
    """«alle 14:30» of the same day, «il 23 novembre alle 6:00» of another."""
    local = timezone.localtime(moment)
    clock = date_format(local, "H:i")
    if local.date() == timezone.localtime(now).date():
        return _("alle %(clock)s") % {"clock": clock}
    return _("il %(day)s alle %(clock)s") % {"day": date_format(local, "j F").lower(), "clock": clock}
