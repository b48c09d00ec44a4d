# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The closed conversations that the next message of their citizens opens again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from arengo.core import audit
from arengo.desk.absences import verbs as absences
from arengo.desk.models import Assignment, Conversation
from arengo.desk.returning.models import ReturnRule


def days() -> int:
    """The organization's rule; 0: a closed conversation stays closed."""
    found: int | None = ReturnRule.objects.values_list("days", flat=True).first()
    return found or 0


def until(conversation: Conversation) -> datetime | None:
    """Until when a message of its citizen opens this closed conversation again; None: it opens another one."""
    if conversation.is_open or conversation.closed_at is None or not (lasts := days()):
        return None
    ends = conversation.closed_at + timedelta(days=lasts)
    return ends if ends > timezone.now() else None


def reopen(organization_id: int, sender_id: int, identities: Collection[int]) -> dict[int, Conversation]:
    """Opens again what was closed lately of these identities, who have no open conversation; by identity.

    Of each the latest, if a person closed it within the rule's days: what was closed from the start, because a command alone
    opened it, nobody ever had in hand. It keeps its labels and its operator. In the reader's transaction, which holds the
    persons; locks what it opens, FOR NO KEY UPDATE and by id.
    """
    lasts = days() if identities else 0
    if not lasts:
        return {}
    now = timezone.now()
    latest = (
        Conversation.objects.filter(sender_id=sender_id, identity__among=identities)
        .order_by("identity_id", "-id")
        .distinct("identity_id")
    )
    found = Conversation.objects.select_for_update(no_key=True).filter(
        pk__in=latest.values("pk"),
        state=Conversation.State.CLOSED,
        closed_at__gte=now - timedelta(days=lasts),
        closed_at__gt=F("opened_at"),
    )
    held = {each.identity_id: each for each in found.order_by("id") if each.identity_id is not None}
    Conversation.objects.filter(pk__in=[each.pk for each in held.values()]).update(
        state=Conversation.State.OPEN, closed_at=None
    )
    for conversation in held.values():
        conversation.state, conversation.closed_at = Conversation.State.OPEN, None
        Assignment.objects.create(
            organization_id=organization_id,
            conversation=conversation,
            action=Assignment.Action.REOPENED,
            to_id=conversation.assignee_id,
        )
        audit.record("desk.reopened", organization=organization_id, by=None, on=conversation)
        if conversation.assignee_id is not None and absences.free(conversation):
            conversation.assignee = None
    return held
