# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the platform says about a sender: notices about the number or its account, and refusals that come late."""

from __future__ import annotations

from arengo.core import audit
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.sentences import Sentence
from arengo.delivery.limits import tier
from arengo.delivery.models import Sender
from arengo.delivery.senders.activation import stop
from arengo.platforms.contract import CountsPeople, ReceiptReceived, ReceiptStatus, Remedy, SenderNotice
from arengo.platforms.redaction import without_ids
from arengo.platforms.registry import platform


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
                "summary": (
                    notice.summary.map(without_ids)
                    if isinstance(notice.summary, Sentence)
                    else without_ids(notice.summary)
                ),
                "severity": notice.severity,
            },
        )
        speaks = platform(sender.platform)
        said = speaks.reach(notice.detail) if isinstance(speaks, CountsPeople) else None
        if said is not None:
            tier.set_limit(sender, said.people)
        if notice.severity == "stop" and sender.state == Sender.State.ACTIVE:
            stop(sender, reason=notice.summary)
            sender.state = Sender.State.STOPPED
    announce(batch.organization_id, "senders")


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
