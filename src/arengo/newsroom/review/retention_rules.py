# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long reviews are kept."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.newsroom.models import Update
from arengo.newsroom.review.models import Review

KEPT = timedelta(days=730)


def _over() -> QuerySet[Review]:
    """Never of a draft: its yes still decides whether it goes."""
    found: QuerySet[Review] = Review.objects.exclude(update__state=Update.State.DRAFT)
    return found


def register() -> None:
    retention.register(
        RetentionRule(
            "newsroom.reviews",
            _("revisioni degli aggiornamenti inviati: chi le ha chieste, chi ha risposto e che cosa"),
            _("si cancellano; il registro dice ancora chi ha approvato"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            bounds=Bounds(90, 3650, order=81),
            forgets=Aging(rows=_over, at="asked_at"),
        )
    )
