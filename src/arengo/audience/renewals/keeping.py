# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of people who were asked stay for some months after it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from arengo.audience.renewals.models import Asking, Renewal

KEPT = timedelta(
    days=180
)  # after it is over: longer than anybody can go back, and late answers find what they are about
_BATCH = 5000


def forget(now: datetime) -> None:
    """The oldest first, a batch at a time. The totals were counted when it was over."""
    over = Renewal.objects.filter(ended_at__lt=now - KEPT).exclude(state__in=Renewal.OPEN)
    for pk in over.values_list("pk", flat=True):
        while found := list(
            Asking.objects.filter(renewal=pk).order_by("state", "pk").values_list("pk", flat=True)[:_BATCH]
        ):
            Asking.objects.filter(pk__among=found).delete()
