# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stopping, resuming and changing a sender."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from arengo.core import audit
from arengo.core.events import Batch, publish
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.core.sentences import Sentence
from arengo.delivery.events import SenderMended
from arengo.delivery.models import Sender
from arengo.platforms.redaction import without_ids

CHANGED = "arengo_senders"  # NOTIFY channel: owners look again


def stop(sender: Sender, *, reason: str, code: int = 0, by: Person | None = None) -> None:
    """Nothing of this sender leaves until somebody resumes it; its outbox waits."""
    with transaction.atomic():
        Sender.objects.filter(pk=sender.pk).update(
            state=Sender.State.STOPPED,
            stopped_at=timezone.now(),
            stop_code=code,
            stop_reason=reason.map(without_ids) if isinstance(reason, Sentence) else without_ids(reason),
        )
        audit.record(
            "delivery.stopped", organization=sender.organization_id, by=by, on=sender, detail={"code": code}
        )
        _announce(sender.organization_id)


def resume(sender: Sender, *, by: Person) -> None:
    """The outbox flows again from where it stood."""
    with transaction.atomic():
        Sender.objects.filter(pk=sender.pk).update(
            state=Sender.State.ACTIVE,
            stopped_at=None,
            stop_code=0,
            stop_reason="",
            resumed_at=timezone.now(),
        )
        audit.record("delivery.resumed", organization=sender.organization_id, by=by, on=sender)
        _announce(sender.organization_id)
        _mended(sender)


def changed(sender: Sender) -> None:
    """Credentials or rate were edited: the owner starts anew with them."""
    _announce(sender.organization_id)
    _mended(sender)


def _mended(sender: Sender) -> None:
    publish(SenderMended, Batch(sender.organization_id, sender.pk, [SenderMended()]))


def _announce(organization_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANGED}")
    announce(organization_id, "senders")
