# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changes when a desk is open. Each verb locks the desk's row, writes, records and announces, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk.hours.models import (
    Closure,
    EmergencyOpening,
    ExtraOpening,
    Interval as IntervalRow,
    Season,
    Timetable,
)
from arengo.desk.hours.timetable import Interval
from arengo.desk.models import Desk

TOPIC = "hours"  # live: the hours of some desk changed
LONGEST_EMERGENCY = timedelta(hours=24)


class Refused(Exception):
    """The words say why, for who asked."""


@transaction.atomic
def write_week(desk: Desk, season: Season | None, plan: Sequence[Interval], *, by: Person) -> None:
    """``plan`` takes the place of all intervals of the year, or of the season. Intervals do not overlap: the form looks.

    Locks the desk: of two people who save at once, the later one's week stands whole.
    """
    _lock(desk)
    IntervalRow.objects.filter(desk=desk, season=season).delete()
    IntervalRow.objects.bulk_create(
        [
            IntervalRow(
                organization_id=desk.organization_id,
                desk=desk,
                season=season,
                weekday=each.weekday,
                opens=each.opens,
                closes=each.closes,
            )
            for each in plan
        ]
    )
    detail = {"season": season.name} if season else {}
    audit.record("desk.changed_week", organization=desk.organization_id, by=by, on=desk, detail=detail)
    announce(desk.organization_id, TOPIC)


@transaction.atomic
def write_holidays(
    desk: Desk, *, national: bool, patron: tuple[int, int] | None, name: str, by: Person
) -> None:
    """``patron``: month and day; None: no patron's day."""
    _lock(desk)
    month, day = patron or (None, None)
    Timetable.objects.update_or_create(
        desk=desk,
        defaults={
            "national_holidays": national,
            "patron_month": month,
            "patron_day": day,
            "patron_name": name if patron else "",
        },
    )
    audit.record("desk.changed_holidays", organization=desk.organization_id, by=by, on=desk)
    announce(desk.organization_id, TOPIC)


@transaction.atomic
def keep_season(season: Season, *, by: Person) -> None:
    """A new one, or one whose name or days changed."""
    _lock(season.desk)
    season.save()
    audit.record("desk.changed_season", organization=season.organization_id, by=by, on=season.desk)
    announce(season.organization_id, TOPIC)


@transaction.atomic
def take_away_season(season: Season, *, by: Person) -> None:
    """With its intervals. One that is gone already is no error: two people pressed."""
    _lock(season.desk)
    count, _by_model = Season.objects.filter(pk=season.pk).delete()
    if count:
        audit.record("desk.took_away_season", organization=season.organization_id, by=by, on=season.desk)
        announce(season.organization_id, TOPIC)


@transaction.atomic
def keep(row: Closure | ExtraOpening, verb: str, *, by: Person) -> None:
    """A new decision about some days, or one that changed."""
    _lock(row.desk)
    row.save()
    audit.record(
        verb, organization=row.organization_id, by=by, on=row.desk, detail={"day": row.first.isoformat()}
    )
    announce(row.organization_id, TOPIC)


@transaction.atomic
def take_away(row: Closure | ExtraOpening, verb: str, *, by: Person) -> None:
    """One that is gone already is no error: two people pressed."""
    _lock(row.desk)
    count, _by_model = type(row).objects.filter(pk=row.pk).delete()
    if count:
        audit.record(
            verb, organization=row.organization_id, by=by, on=row.desk, detail={"day": row.first.isoformat()}
        )
        announce(row.organization_id, TOPIC)


@transaction.atomic
def open_in_emergency(desk: Desk, *, reason: str, until: datetime, by: Person) -> EmergencyOpening:
    """Opens the desk now. One that is open so already is prolonged or shortened by a new opening in its place.

    Locks the desk: a double click makes one opening. Refused: ``until`` is over, or too far away.
    """
    _lock(desk)
    now = timezone.now().replace(second=0, microsecond=0)
    if until <= now:
        raise Refused(
            _("Quest’ora è già passata: scegline una dopo le %(clock)s.")
            % {"clock": f"{timezone.localtime(now):%H:%M}"}
        )
    if until > now + LONGEST_EMERGENCY:
        raise Refused(_("Un’apertura straordinaria dura al massimo un giorno."))
    holding: EmergencyOpening | None = EmergencyOpening.objects.filter(
        desk=desk, closed_at=None, until__gt=now
    ).first()
    if holding is not None and holding.until == until and holding.reason == reason:
        return holding
    if holding is not None:
        # It ends where the new one begins; one of the same minute leaves no time of its own.
        EmergencyOpening.objects.filter(pk=holding.pk).update(closed_at=now, closed_by=by)
    opening: EmergencyOpening = EmergencyOpening.objects.create(
        desk=desk, starts_at=now, until=until, reason=reason, opened_by=by
    )
    ends = f"{timezone.localtime(until):%Y-%m-%d %H:%M}"
    audit.record(
        "desk.opened_in_emergency", organization=desk.organization_id, by=by, on=desk, detail={"until": ends}
    )
    announce(desk.organization_id, TOPIC)
    return opening


@transaction.atomic
def end_emergency(opening: EmergencyOpening, *, by: Person) -> bool:
    """Ends it now. False: it was over already."""
    _lock(opening.desk)
    now = timezone.now()
    ended = EmergencyOpening.objects.filter(pk=opening.pk, closed_at=None, until__gt=now).update(
        closed_at=now, closed_by=by
    )
    if ended:
        audit.record("desk.ended_emergency", organization=opening.organization_id, by=by, on=opening.desk)
        announce(opening.organization_id, TOPIC)
    return bool(ended)


def _lock(desk: Desk) -> None:
    Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
