# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The senders in ``arengo status``: a table for people, values for programs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from arengo.core.console.conditions import Snapshot
from arengo.core.console.reports import Table, Text, grouped, short
from arengo.core.process_metrics import BOUNDS
from arengo.delivery.condition.sections import Senders
from arengo.delivery.senders.status import SenderStatus


def text(snapshot: Snapshot) -> Text:
    senders = snapshot.of(Senders).all
    if not senders:
        return Text(empty=_("Nessun mittente ancora configurato."))
    head = (
        *(_("MITTENTE"), _("ENTE"), _("STATO"), _("RITMO"), _("IN CODA"), _("RIMANDATI"), _("IN VIAGGIO")),
        *(_("INCERTI"), _("ACCETTATI/MIN"), _("RICEVUTE/MIN"), _("RITARDO"), _("PROCESSO")),
    )
    rows = (head, *(_row(sender) for sender in senders))
    return Text(table=Table(rows, figures=frozenset(range(3, len(head) - 1))))


def _row(sender: SenderStatus) -> tuple[str, ...]:
    queue = sender.queue
    return (
        sender.name,
        sender.organization_slug,
        _("attivo") if sender.active else _("fermo"),
        f"{'–' if sender.pace is None else grouped(round(sender.pace))} / {grouped(sender.rate)}",
        short(queue.depth, queue.ready_sure),
        short(queue.later, queue.later_sure),
        grouped(queue.claimed),
        grouped(queue.uncertain),
        grouped(sender.accepted.minute),
        grouped(sender.receipts.minute),
        _lag(sender.lag),
        sender.owner or "–",
    )


def _lag(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return "> 1 h" if seconds > 3600 else f"≤ {seconds:.0f} s"


def data(snapshot: Snapshot) -> dict[str, Any]:
    return {"senders": [_values(snapshot, sender) for sender in snapshot.of(Senders).all]}


def _values(snapshot: Snapshot, sender: SenderStatus) -> dict[str, Any]:
    queue = sender.queue
    return {
        "id": sender.id,
        "name": sender.name,
        "organization": sender.organization_slug,
        "active": sender.active,
        "stop_code": sender.stop_code,
        "stop_reason": sender.stop_reason,
        "owner": sender.owner,
        "epoch": sender.epoch,
        "rate": sender.rate,
        "pace": sender.pace,
        "in_flight": sender.stats.in_flight if sender.stats else None,
        "ready": {urgency.name.lower(): number for urgency, number in queue.ready.items()},
        "ready_is": queue.ready_sure.value,
        "oldest_ready_seconds": round(queue.waiting_for(snapshot.at).total_seconds(), 1),
        "later": queue.later,
        "later_is": queue.later_sure.value,
        "later_held": queue.held,
        "later_from": queue.later_from,
        "claimed": queue.claimed,
        "uncertain": queue.uncertain,
        "accepted_last_minute": sender.accepted.minute,
        "receipts_last_minute": sender.receipts.minute,
        "receipts_not_ours_last_quarter": sender.strangers.quarter,
        "receipt_lag_seconds": None
        if sender.lag is None
        else min(sender.lag, BOUNDS[-1]),  # JSON has no infinity
    }
