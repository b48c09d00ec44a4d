# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen in the counted days: a number, so that somebody who writes on ten days is one person.

Merged with another it becomes the other's; of who is erased it becomes a number of chance, the same on all days, from which
nothing leads to anybody: what was told of those days stays true.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.db.models.functions import TruncDate

from arengo.audience.models import Contact
from arengo.desk.models import Message
from arengo.insights.models import CountedDay
from arengo.insights.values import DeskDay, read_day, written


def export(contact_id: int) -> dict[str, object]:
    return {
        "days_counted_in_figures": [
            {
                "day": row.day.isoformat(),
                "desk": row.desk.name,
                "on_the_list": any(contact_id in group.subscribed for group in day.groups.values()),
            }
            for row, day in _of(contact_id)
        ]
    }


def erase(contact_id: int) -> None:
    """While the citizen's messages still say on which days they wrote. Locks the days."""
    _rename(contact_id, -1 - secrets.randbelow(2**52))


def contacts_merged(kept_id: int, gone_id: int) -> None:
    """In the transaction of the merge, when the conversations are already the kept one's. Locks the days."""
    _rename(gone_id, kept_id, of=kept_id)


def _rename(contact_id: int, to: int, *, of: int | None = None) -> None:
    for row, day in _of(contact_id, of=of, lock=True):
        for group in day.groups.values():
            for people in (group.people, group.subscribed):
                if contact_id in people:
                    people[:] = sorted({to if each == contact_id else each for each in people})
        row.content = written(day)
        row.save(update_fields=["content"])


def _of(
    contact_id: int, *, of: int | None = None, lock: bool = False
) -> Iterator[tuple[CountedDay, DeskDay]]:
    """The days in which they were counted: looked for among those on which ``of``, or they, wrote."""
    said = Message.objects.filter(conversation__contact_id=of or contact_id, direction=Message.Direction.IN)
    zone = Contact.objects.select_related("organization").get(pk=of or contact_id).organization.zone
    days = said.annotate(day=TruncDate("sent_at", tzinfo=zone)).values("day").distinct()
    rows = CountedDay.objects.filter(day__in=[each["day"] for each in days.order_by("day")])
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    for row in rows.select_related("desk").order_by("pk"):
        day = read_day(row.content)
        if any(contact_id in group.people for group in day.groups.values()):
            yield row, day
