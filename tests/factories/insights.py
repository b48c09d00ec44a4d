# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened at a desk on certain days, as rows: what was asked, answered, closed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from arengo.audience.models import Contact
from arengo.core.models import Person
from arengo.delivery.models import Sender
from arengo.desk.models import Assignment, Conversation, Desk, Message
from tests.factories.hours import ROME


def asked(conversation: Conversation, at: datetime, text: str = "Buongiorno", **fields: Any) -> Message:
    """The citizen writes."""
    said: Message = Message.objects.create(
        conversation=conversation,
        sender_id=conversation.sender_id,
        direction=Message.Direction.IN,
        text=text,
        sent_at=at,
        received_at=at,
        **fields,
    )
    return said


def answered(conversation: Conversation, at: datetime, by: Person | None, **fields: Any) -> Message:
    """Somebody of ours writes; Arengo itself where nobody does."""
    said: Message = Message.objects.create(
        conversation=conversation,
        sender_id=conversation.sender_id,
        direction=Message.Direction.OUT,
        text="Ecco",
        sent_at=at,
        received_at=at,
        author=by,
        automatic="" if by else "desk.out_of_hours",
        **fields,
    )
    return said


def line(conversation: Conversation, at: datetime, action: Assignment.Action, by: Person) -> Assignment:
    """A line of its history."""
    made: Assignment = Assignment.objects.create(conversation=conversation, action=action, by=by, at=at)
    return made


def closed(conversation: Conversation, at: datetime, by: Person) -> Assignment:
    return line(conversation, at, Assignment.Action.CLOSED, by)


def busy_weeks(desks: Sequence[Desk], sender: Sender, by: Person, first: date, weeks: int = 8) -> None:
    """So many weeks of a town: at each desk some ten to forty questions a week, most of them answered and closed. Not counted yet."""
    chance = random.Random(7)  # sample data
    begin = datetime.combine(first, time(), ROME)
    messages: list[Message] = []
    lines: list[Assignment] = []
    for number in range(weeks):
        for place, desk in enumerate(desks):
            for _each in range(chance.randint(20, 40) // (place + 1)):
                day = begin + timedelta(weeks=number, days=chance.choice((0, 0, 1, 1, 2, 3, 3, 4, 5, 6)))
                at = day + timedelta(hours=chance.choice((8, 9, 9, 10, 10, 10, 11, 12, 15, 16, 18, 21)))
                at += timedelta(minutes=chance.randint(0, 59))
                said, line = _exchange(desk, sender, by, at, chance)
                messages += said
                lines += line
    Message.objects.bulk_create(messages)
    Assignment.objects.bulk_create(lines)


def _exchange(
    desk: Desk, sender: Sender, by: Person, at: datetime, chance: random.Random
) -> tuple[list[Message], list[Assignment]]:
    contact = Contact.objects.create(organization_id=desk.organization_id, name="Anna Esempio")
    conversation = Conversation.objects.create(
        organization_id=desk.organization_id, contact=contact, sender=sender, desk=desk, opened_at=at
    )
    answer_at = at + timedelta(minutes=chance.choice((2, 4, 7, 12, 20, 45, 80, 200)))
    common = {"organization_id": desk.organization_id, "conversation": conversation}
    said = [
        Message(**common, sender=sender, direction=Message.Direction.IN, text="?", sent_at=at),
        Message(
            **common, sender=sender, direction=Message.Direction.OUT, text="!", sent_at=answer_at, author=by
        ),
    ]
    closing = Assignment(
        **common,
        action=Assignment.Action.CLOSED,
        by=by,
        at=answer_at + timedelta(minutes=chance.randint(5, 90)),
    )
    return said, [closing]
