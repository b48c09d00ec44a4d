# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments and shares of a poll as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, ngettext

from arengo.core.templatetags.arengo import named


def until(moment: datetime) -> str:
    """«venerdì 27 novembre alle 18:00», after «fino a» and «si è votato fino a»."""
    local = localtime(moment)
    return _("%(day)s alle %(clock)s") % {"day": named(local, "l j F"), "clock": f"{local:%H:%M}"}


def left(length: timedelta) -> str:
    """«ancora 32 h», as whole days from three on, as minutes in the last two hours."""
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 120:
        return _("ancora %(n)d min") % {"n": minutes}
    hours = minutes // 60
    if hours < 72:
        return _("ancora %(n)d h") % {"n": hours}
    return ngettext("ancora %(n)d giorno", "ancora %(n)d giorni", hours // 24) % {"n": hours // 24}


def percent(part: int, whole: int) -> str:
    """«44,0%»: rounded, for ``number_format`` cuts off."""
    return f"{number_format(round(100 * part / whole, 1) if whole else 0, decimal_pos=1)}%"


def many(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)
