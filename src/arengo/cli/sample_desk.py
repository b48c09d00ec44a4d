# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sample Comune's desk: Ancona's hours, a season, the patron's day, and what its page says."""

from __future__ import annotations

from arengo.core.models import Organization, Person
from arengo.desk.desks import first_desk
from arengo.desk.front.models import FrontPage
from arengo.desk.hours import verbs
from arengo.desk.hours.models import Season
from arengo.desk.hours.timetable import Interval
from arengo.desk.models import Desk

_MORNING, _AFTERNOON = (9 * 60, 13 * 60), (15 * 60, 17 * 60)
_WEEK = [
    Interval(day, *hours)
    for day in range(5)
    for hours in ((_MORNING, _AFTERNOON) if day in (1, 3) else (_MORNING,))
]
_SUMMER = [Interval(day, 9 * 60, 12 * 60) for day in range(5)]


def desk_with_hours(organization: Organization, by: Person) -> None:
    """Inside the organization's scope, of a new one."""
    desk = Desk.objects.get(pk=first_desk(organization.pk))
    verbs.write_week(desk, None, _WEEK, by=by)
    summer = Season(desk=desk, name="Estate", first_month=7, first_day=1, last_month=8, last_day=31)
    verbs.keep_season(summer, by=by)
    verbs.write_week(desk, summer, _SUMMER, by=by)
    verbs.write_holidays(desk, national=True, patron=(5, 12), name="Santo patrono", by=by)
    FrontPage.objects.create(
        card_name="UrpComune",
        topics=[
            "Anagrafe e documenti: carta d’identità, residenza, certificati",
            "Tributi: TARI, IMU, rimborsi",
            "Scuola e nidi: iscrizioni, mensa, scuolabus",
            "Eventi e biblioteca: orari, prenotazioni",
        ],
        toll_free="800 000 000",
        counter_hours="lun–ven 8:30–12:30, giovedì anche 15–18",
    )
