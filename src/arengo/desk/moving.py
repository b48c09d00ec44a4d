# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation goes to another desk of the organization."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.clean_text import isolated
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk.handling import HandlingRefused, colleagues, locked
from arengo.desk.marks import carries
from arengo.desk.models import Assignment, Conversation, Desk


def with_other_desks() -> Exists:
    """For a query of conversations: whether there is another desk in service at all."""
    return Exists(Desk.objects.filter(active=True).exclude(pk=OuterRef("desk")))


def other_desks(conversation: Conversation) -> QuerySet[Desk]:
    """Where it can go: the other desks in service that answer on its number, also those that the person who moves it does not see."""
    if not carries(conversation, "other_desks"):
        return Desk.objects.none()
    on_its_number = Q(senders=None) | Q(senders=conversation.sender_id)
    found: QuerySet[Desk] = (
        Desk.objects.filter(on_its_number, active=True).exclude(pk=conversation.desk_id).distinct()
    )
    return found


@again_if_undone
def move(conversation: Conversation, *, to: Desk, by: Person) -> None:
    """It waits at the other desk as long as it waited here; an open one that was in hand stays so only with who sees that desk.

    Locks the conversation. HandlingRefused: it cannot go there. There already, nothing happens. Recorded, announced.
    """
    with transaction.atomic():
        held = locked(conversation)
        if held.desk_id == to.pk:
            return
        if not other_desks(held).filter(pk=to.pk).exists():
            raise HandlingRefused(
                _("Lo sportello «%(name)s» non risponde su questo numero.") % {"name": isolated(to)}
            )
        before = held.desk.name
        held.desk = to
        if (
            held.assignee_id is not None
            and not colleagues([to.pk]).filter(person_id=held.assignee_id).exists()
        ):
            held.assignee = None
        held.save(update_fields=["desk", "assignee"])
        Assignment.objects.create(
            organization_id=held.organization_id,
            conversation=held,
            action=Assignment.Action.MOVED,
            by=by,
            to=held.assignee,
        )
        audit.record(
            "desk.moved",
            organization=held.organization_id,
            by=by,
            on=held,
            detail={"from_desk": before, "desk": to.name},
        )
        announce(held.organization_id, "inbox", held.topic)
