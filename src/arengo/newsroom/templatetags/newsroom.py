# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Costs and durations as people say them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from arengo.core.templatetags.arengo import named
from arengo.delivery.prices import pricing
from arengo.delivery.prices.pricing import Cost

register = template.Library()


@register.filter
def money(cost: Cost) -> str:
    """``€ 354,12``; a currency without a sign of its own by its code."""
    return pricing.money(cost.amount, cost.currency)


@register.filter
def each(cost: Cost) -> str:
    """What one message costs, to the last digit that is set: ``€ 0,0658``."""
    return cost.price.written


@register.filter
def from_then(at: datetime) -> str:
    """When something leaves that must wait, after «da»: ``domani alle 09:05``, ``martedì 24 novembre alle 09:05``."""
    local, today = localtime(at), localtime().date()
    values = {"clock": date_format(local, "H:i"), "day": named(local, "l j F")}
    if local.date() == today:
        return _("oggi alle %(clock)s") % values
    if local.date() == today + timedelta(days=1):
        return _("domani alle %(clock)s") % values
    return _("%(day)s alle %(clock)s") % values


@register.filter
def duration(length: timedelta | None) -> str:
    """``2 min 41 s``; under a second is a second."""
    if length is None:
        return ""
    seconds = max(1, math.ceil(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes and seconds:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    if minutes:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(seconds)d s") % {"seconds": seconds}
