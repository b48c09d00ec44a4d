# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second responder on a number: noticed by what the platform copies to us or hands over.

An administrator acknowledges it; what is noticed later brings it back. Times are the platform's, so that a webhook that is
read again is no news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from arengo.core import audit
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.core.scope import current_organization_id
from arengo.intake.models import SecondResponder
from arengo.intake.sql import statement
from arengo.platforms.contract import HandedOver, MessageReceived


@dataclass(frozen=True)
class Noticed:
    sender_id: int
    since: datetime
    seen_at: datetime


def heard(batch: Batch[MessageReceived]) -> None:
    """Copies of what somebody else answers. Called by the reader in its transaction, like what follows."""
    _note(
        batch.organization_id, batch.sender_id, [message.sent_at for message in batch.events if message.copy]
    )


def handed_over(batch: Batch[HandedOver]) -> None:
    """A conversation that changes hands has two to change between."""
    _note(batch.organization_id, batch.sender_id, [event.at for event in batch.events])


def noticed() -> list[Noticed]:
    """The scope's senders with a second responder that nobody has acknowledged since it was last noticed."""
    found = unacknowledged().order_by("since", "pk")
    return [Noticed(one.pk, one.since, one.seen_at) for one in found]


def unacknowledged() -> QuerySet[SecondResponder]:
    return _of_scope().filter(Q(acknowledged_at__isnull=True) | Q(seen_at__gt=F("acknowledged_at")))


def _of_scope() -> QuerySet[SecondResponder]:
    organization_id = current_organization_id()
    found = SecondResponder.objects.all()
    return found if organization_id is None else found.filter(sender__organization_id=organization_id)


def acknowledge(sender_id: int, *, by: Person) -> None:
    """The banner goes until it is noticed again. Nothing happens when there is none, or the sender is not the scope's."""
    with transaction.atomic():
        held = _of_scope().select_for_update(of=("self",), no_key=True).select_related("sender")
        known = held.filter(pk=sender_id).first()
        if known is None:
            return
        known.acknowledged_at, known.acknowledged_by = timezone.now(), by
        known.save(update_fields=["acknowledged_at", "acknowledged_by"])
        organization_id = known.sender.organization_id
        audit.record("intake.acknowledged_responder", organization=organization_id, by=by, on=known.sender)
        announce(organization_id, "senders")


def _note(organization_id: int, sender_id: int, times: Sequence[datetime]) -> None:
    if not times:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement("note_responder"), {"sender": sender_id, "first": min(times), "last": max(times)}
        )
        row = cursor.fetchone()
    if row and row[0]:  # the first ever
        sender = SecondResponder.objects.select_related("sender").get(pk=sender_id).sender
        audit.record("intake.second_responder", organization=organization_id, by=None, on=sender)
    announce(organization_id, "senders")
