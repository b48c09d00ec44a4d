# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody pressed «Invia» for and no mailing holds yet: between the press and the job that opens the mailing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from arengo.delivery.spending.budgets import Planned
from arengo.newsroom.estimating import ESTIMATE
from arengo.newsroom.models import Placement, Update


def leaving() -> Iterator[Planned]:
    waiting = Placement.objects.filter(
        update__state=Update.State.SENDING,
        state=Placement.State.WAITING,
        reference="",
        detail__has_key=ESTIMATE,
    ).select_related("update__organization")
    for placement in waiting:
        update, cost = placement.update, placement.detail[ESTIMATE]["cost"]
        if cost is not None and update.sent_at is not None:
            day = update.sent_at.astimezone(update.organization.zone).date()
            yield Planned(day, Decimal(cost["amount"]), cost["currency"])
