# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What proves that somebody asked to be on the list, as the consent keeps it, under that person's own key."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from arengo.audience.imports.entries import Entry
from arengo.audience.imports.models import Import
from arengo.core import outside
from arengo.core.templatetags.arengo import named


def text_of(batch: Import, number: int, entry: Entry) -> str:
    """In the language of the moment: which way, when, what they read, where the original is, and the row of the file."""
    row = _("Riga %(number)d di %(file)s.") % {"number": number, "file": batch.name}
    return " ".join(
        filter(None, [summary(batch), entry.proof and _("Prova: %(proof)s.") % {"proof": entry.proof}, row])
    )


def summary(batch: Import) -> str:
    """The part that is the same for all."""
    parts = [f"{batch.get_way_display()}."]
    if batch.first_day and batch.last_day:
        days = {"first": named(batch.first_day, "j F Y"), "last": named(batch.last_day, "j F Y")}
        parts.append(_("Dal %(first)s al %(last)s.") % days)
    if batch.words:
        parts.append(_("C’era scritto: «%(words)s».") % {"words": batch.words})
    if batch.place:
        parts.append(_("Originali: %(place)s.") % {"place": batch.place})
    return " ".join(parts)


def moment_of(batch: Import, entry: Entry, zone: ZoneInfo, now: datetime) -> datetime:
    """When they gave it: at noon of the row's day, else of the last day of the document's; never to come."""
    day = outside.day(entry.day) or batch.last_day
    return min(datetime.combine(day, time(12), tzinfo=zone), now) if day else now
