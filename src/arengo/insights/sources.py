# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One day of the scope's organization, read from what the desks keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db import connection

from arengo.core.models import Organization
from arengo.desk import counted
from arengo.desk.hours.reading import schedules
from arengo.desk.models import Conversation, Desk
from arengo.insights.counting import Clock, Counts, Event, OpenRequest, count
from arengo.insights.sql import statement
from arengo.insights.values import DeskDay


def moments(organization: Organization, day: date) -> tuple[datetime, datetime]:
    """When the day begins and ends by the organization's clock."""
    first, after = (
        datetime.combine(each, time(), organization.zone) for each in (day, day + timedelta(days=1))
    )
    return first, after


def read_counts(organization: Organization, day: date) -> Counts:
    """The figures of this day as the rows are now, of all desks. A fixed number of queries and one for each that registered.

    Inside the organization's scope. Locks nothing.
    """
    start, end = moments(organization, day)
    events = _events(organization.pk, start, end)
    requests = _open_requests(organization.pk, start, {event.conversation_id for event in events})
    clocks = {
        desk: Clock(schedule, list(schedule.spans(start, end))) if schedule.configured else Clock()
        for desk, schedule in schedules(Desk.objects.values_list("pk", flat=True)).items()
    }
    happened = {each.key: list(each.between(start, end)) for each in counted.occurrences()}
    since = {event.conversation_id: start for event in events}
    since |= {conversation: start for found in happened.values() for conversation in found}
    since |= {conversation: request.asked_at for conversation, request in requests.items()}
    groups = _groups(since, end)
    counts = count(events, requests, groups, clocks, organization.zone)
    _add_occurrences(counts, happened, groups)
    _mark_subscribers(organization.pk, counts, end)
    return counts


def _events(organization_id: int, start: datetime, end: datetime) -> list[Event]:
    found = statement(
        "events",
        which_request=statement("which_request"),
        which_answer=statement("which_answer"),
        which_closing=statement("which_closing"),
    )
    with connection.cursor() as cursor:
        cursor.execute(found, {"organization": organization_id, "start": start, "end": end})
        return [Event(*row[:7]) for row in cursor.fetchall()]


def _open_requests(
    organization_id: int, start: datetime, conversations: Collection[int]
) -> dict[int, OpenRequest]:
    if not conversations:
        return {}
    found = statement(
        "open_requests",
        which_request=statement("which_request"),
        which_answer=statement("which_answer"),
        which_closing=statement("which_closing"),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            found, {"organization": organization_id, "start": start, "conversations": sorted(conversations)}
        )
        return {pk: OpenRequest(asked_at, answered) for pk, asked_at, answered in cursor.fetchall()}


def _groups(since: Mapping[int, datetime], until: datetime) -> dict[int, list[str]]:
    """By conversation, each with its grouping: «label:3»."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for grouping in counted.groupings() if since else ():
        for conversation, keys in grouping.of(since, until).items():
            found[conversation] += (f"{grouping.key}:{key}" for key in keys)
    return found


def _add_occurrences(
    counts: Counts, happened: Mapping[str, Iterable[int]], groups: Mapping[int, Collection[str]]
) -> None:
    conversations = {pk for found in happened.values() for pk in found}
    if not conversations:
        return
    desks = dict(Conversation.objects.filter(pk__in=conversations).values_list("pk", "desk_id"))
    for key, found in happened.items():
        for conversation in found:
            day = counts.desks.setdefault(desks[conversation], DeskDay())
            for name in ("", *groups.get(conversation, ())):
                occurrences = day.group(name).occurrences
                occurrences[key] = occurrences.get(key, 0) + 1


def _mark_subscribers(organization_id: int, counts: Counts, end: datetime) -> None:
    groups = [group for day in counts.desks.values() for group in day.groups.values()]
    people = {person for group in groups for person in group.people}
    if not people:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement("subscribed"), {"organization": organization_id, "end": end, "contacts": sorted(people)}
        )
        listed = {pk for (pk,) in cursor.fetchall()}
    for group in groups:
        group.subscribed = [person for person in group.people if person in listed]
