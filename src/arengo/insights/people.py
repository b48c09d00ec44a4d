# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen in the counted days: the contact's number, so that somebody who writes on ten days is one person.

It leads no further than the contact: of who is erased to the empty row that stays, so that what was told of those days stays true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from arengo.audience.models import Contact
from arengo.desk.models import Message
from arengo.insights.models import CountedDay
from arengo.insights.values import DeskDay, read_day, written


def export(contact_id: int) -> dict[str, object]:
    found = _counted(contact_id, _days_of(contact_id).select_related("desk").order_by("day", "pk"))
    return {
        "days_counted_in_figures": [
            {
                "day": row.day.isoformat(),
                "desk": row.desk.name,
                "on_the_list": any(contact_id in group.subscribed for group in day.groups.values()),
            }
            for row, day in found
        ]
    }


def contacts_merged(kept_id: int, gone_id: int) -> None:
    """The one that goes becomes the one that is kept. In the transaction of the merge, when the conversations are already the
    kept one's. Locks the days on which they wrote, by id."""
    days = _days_of(kept_id).select_for_update(no_key=True).order_by("pk")
    for row, day in _counted(gone_id, days):
        for group in day.groups.values():
            for people in (group.people, group.subscribed):
                if gone_id in people:
                    people[:] = sorted({kept_id if each == gone_id else each for each in people})
        row.content = written(day)
        row.save(update_fields=["content"])


def _days_of(contact_id: int) -> QuerySet[CountedDay]:
    """The counted days on which somebody wrote."""
    zone = Contact.objects.select_related("organization").get(pk=contact_id).organization.zone
    said = Message.objects.filter(
        conversation__contact_id=contact_id, direction=Message.Direction.IN
    ).order_by()
    days = said.annotate(day=TruncDate("sent_at", tzinfo=zone)).values_list("day", flat=True).distinct()
    found: QuerySet[CountedDay] = CountedDay.objects.filter(day__in=list(days))
    return found


def _counted(contact_id: int, rows: Iterable[CountedDay]) -> Iterator[tuple[CountedDay, DeskDay]]:
    for row in rows:
        day = read_day(row.content)
        if any(contact_id in group.people for group in day.groups.values()):
            yield row, day
