# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's openings as a calendar to subscribe to (iCalendar, RFC 5545).

Openings are written one by one, as the engine says them: every holiday, closure and emergency opening is in, and no programme has
to understand rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.desk.hours.reading import DeskHours
from arengo.desk.hours.words import closure_days

AHEAD = timedelta(days=180)
_STAMP = "%Y%m%dT%H%M%SZ"
_LINE = 75  # octets, RFC 5545 3.1


def written(desks: Sequence[DeskHours], host: str, address: str) -> bytes:
    """``host`` makes the ids of events unique in the world; ``address``: the page to read more. The same all day long."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Arengo//{host}//IT",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(', '.join(desk.name for desk in desks))}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for desk in desks:
        lines += _openings(desk, today, host, address)
        lines += _closures(desk, today, host)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode()


def _openings(desk: DeskHours, today: datetime, host: str, address: str) -> Iterator[str]:
    for opens, closes in desk.schedule.spans(today, today + AHEAD):
        emergency = desk.schedule.emergency(opens)
        words = _("%(desk)s: aperto") % {"desk": desk.name}
        yield "BEGIN:VEVENT"
        yield f"UID:{desk.slug}-{opens.strftime(_STAMP)}@{host}"
        yield f"DTSTAMP:{today.astimezone(UTC).strftime(_STAMP)}"
        yield f"DTSTART:{opens.strftime(_STAMP)}"
        yield f"DTEND:{closes.strftime(_STAMP)}"
        yield f"SUMMARY:{_text(words)}"
        if emergency:
            yield f"DESCRIPTION:{_text(emergency.reason)}"
        yield f"URL:{address}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _closures(desk: DeskHours, today: datetime, host: str) -> Iterator[str]:
    for closure in desk.schedule.timetable.closures:
        if not closure.whole_days or closure.last_day < today.date():
            continue
        words = _("%(desk)s: chiuso") % {"desk": desk.name}
        after = closure.last_day + timedelta(days=1)
        yield "BEGIN:VEVENT"
        yield f"UID:{desk.slug}-{closure.first_day:%Y%m%d}-{after:%Y%m%d}-closed@{host}"
        yield f"DTSTAMP:{today.astimezone(UTC).strftime(_STAMP)}"
        yield f"DTSTART;VALUE=DATE:{closure.first_day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
        yield f"SUMMARY:{_text(f'{words}. {closure.reason}' if closure.reason else words)}"
        yield f"DESCRIPTION:{_text(closure_days(closure))}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _text(value: str) -> str:
    """RFC 5545 3.3.11."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> Iterator[str]:
    """In parts of at most 75 octets, never within a character; what goes on begins with a space."""
    part, used = "", 0
    for sign in line:
        size = len(sign.encode())
        if used + size > _LINE:
            yield part
            part, used = " ", 1
        part += sign
        used += size
    yield part
