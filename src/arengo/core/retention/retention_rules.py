# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long it is known what each night took away."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import NIGHTLY, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.core.retention.models import RetentionRun

KEPT = timedelta(days=400)  # a year can be compared with the one before


def register() -> None:
    retention.register(
        RetentionRule(
            "core.retention_runs",
            _("quanto è stato cancellato ogni notte: soltanto numeri"),
            _("si cancella"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            because=_("Basta a confrontare un anno con il precedente."),
            forgets=Aging(RetentionRun.objects.all, at="ended_at"),
        )
    )
