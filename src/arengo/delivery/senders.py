# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stopping and resuming a sender; what the platform says about it."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from arengo.core import audit
from arengo.core.events import Batch, publish
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.delivery.events import SenderMended
from arengo.delivery.models import Sender
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus, Remedy, SenderNotice
from arengo.platforms.redaction import without_ids
from arengo.platforms.registry import platform

CHANGED = "arengo_senders"  # NOTIFY channel: owners look again


def stop(sender: Sender, *, reason: str, code: int = 0, by: Person | None = None) -> None:
    """Nothing of this sender leaves until somebody resumes it; its outbox waits."""
    with transaction.atomic():
        Sender.objects.filter(pk=sender.pk).update(
            state=Sender.State.STOPPED,
            stopped_at=timezone.now(),
            stop_code=code,
            stop_reason=without_ids(reason),
        )
        audit.record(
            "delivery.stopped", organization=sender.organization_id, by=by, on=sender, detail={"code": code}
        )
        _tell(sender.organization_id)


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
        _tell(sender.organization_id)
        _mended(sender)


def noticed(batch: Batch[SenderNotice]) -> None:
    """The platform speaks about the number or the account: kept in the log; a stop is a stop."""
    sender = Sender.objects.get(pk=batch.sender_id)
    for notice in batch.events:
        audit.record(
            "delivery.notice",
            organization=batch.organization_id,
            by=None,
            on=sender,
            detail={
                "kind": notice.kind,
                "summary": without_ids(notice.summary),
                "severity": notice.severity,
            },
        )
        _learn_limit(sender, notice)
        if notice.severity == "stop" and sender.state == Sender.State.ACTIVE:
            stop(sender, reason=notice.summary)
            sender.state = Sender.State.STOPPED
    announce(batch.organization_id, "senders")


def _learn_limit(sender: Sender, notice: SenderNotice) -> None:
    from arengo.delivery import tier  # which calls changed()

    said = platform(sender.platform).reach(notice.detail)
    if said is not None:
        tier.set_limit(sender, said.people)


def refused_late(batch: Batch[ReceiptReceived]) -> None:
    """Messages failed after they were accepted, for a reason that concerns the number: none that follows will fare better.

    What failed before a person last resumed the sender is no reason to stop it: they know, and have mended it.
    """
    reasons = [
        receipt
        for receipt in batch.events
        if receipt.status is ReceiptStatus.FAILED and receipt.remedy is Remedy.STOP_SENDER
    ]
    if not reasons:
        return
    latest = max(reasons, key=lambda receipt: receipt.at)
    sender = Sender.objects.filter(pk=batch.sender_id, state=Sender.State.ACTIVE).first()
    if sender is None or (sender.resumed_at and latest.at <= sender.resumed_at):
        return
    stop(sender, reason=latest.details or latest.title, code=latest.code)


def changed(sender: Sender) -> None:
    """Credentials or rate were edited: the owner starts anew with them."""
    _tell(sender.organization_id)
    _mended(sender)


def _mended(sender: Sender) -> None:
    publish(SenderMended, Batch(sender.organization_id, sender.pk, [SenderMended()]))


def _tell(organization_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANGED}")
    announce(organization_id, "senders")
