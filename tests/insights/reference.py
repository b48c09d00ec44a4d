# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same figures, slowly: from all rows of all time, by the sentences of the manual, without a day's beginning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from arengo.desk.models import Assignment, Conversation, Message

ROME = ZoneInfo("Europe/Rome")
Talk = Callable[..., Conversation]
"""A citizen's name, the desk → a new conversation."""
Waited = Callable[[int, datetime, datetime], int]
"""Desk, since, until → minutes."""


@dataclass
class Slow:
    begun: int = 0
    received: int = 0
    sent: int = 0
    unanswered: int = 0
    first: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    people: set[int] = field(default_factory=set)


def slowly(first: date, last: date, waited: Waited) -> dict[int, Slow]:
    """By desk. Every figure is found for itself."""
    found: dict[int, Slow] = {}
    for conversation in Conversation.objects.all():
        slow = found.setdefault(conversation.desk_id, Slow())
        requests, answers, closings = _requests(conversation), _answers(conversation), _closings(conversation)

        in_period = partial(_within, first, last)
        began = partial(_began, requests, closings)
        slow.received += sum(map(in_period, requests))
        slow.sent += sum(map(in_period, answers))
        if any(map(in_period, requests)):
            slow.people.add(conversation.contact_id)
        for at in filter(in_period, requests):
            slow.begun += began(at) == at and requests.index(at) == requests.index(began(at) or at)
        for number, at in enumerate(answers):
            since = began(at)
            if in_period(at) and since and not any(each >= since for each in answers[:number]):
                slow.first.append(waited(conversation.desk_id, since, at))
        for at in filter(in_period, closings):
            since = began(at)
            if since:
                slow.closed.append(waited(conversation.desk_id, since, at))
                slow.unanswered += not any(since <= each <= at for each in answers)
    return found


def _within(first: date, last: date, at: datetime) -> bool:
    return first <= at.astimezone(ROME).date() <= last


def _began(requests: Sequence[datetime], closings: Sequence[datetime], at: datetime) -> datetime | None:
    """When the request began that is open just before ``at``, or at it."""
    shut = max((each for each in closings if each < at), default=None)
    return min((each for each in requests if each <= at and (shut is None or each > shut)), default=None)


def _requests(conversation: Conversation) -> list[datetime]:
    said = conversation.messages.filter(direction=Message.Direction.IN, command="").order_by("sent_at")
    return [each.sent_at for each in said if each.kind != Message.Kind.SYSTEM]


def _answers(conversation: Conversation) -> list[datetime]:
    said = conversation.messages.filter(direction=Message.Direction.OUT).order_by("sent_at")
    return [each.sent_at for each in said if each.author_id is not None]


def _closings(conversation: Conversation) -> list[datetime]:
    lines = list(conversation.assignments.order_by("at", "pk"))
    return [
        each.at
        for each, following in zip(lines, [*lines[1:], None], strict=False)
        if each.action == Assignment.Action.CLOSED
        and (following is None or following.action != Assignment.Action.UNDONE)
    ]
