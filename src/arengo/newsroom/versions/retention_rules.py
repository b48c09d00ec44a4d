# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long versions are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.newsroom.versions.models import Version

KEPT = timedelta(days=365)


def register() -> None:
    retention.register(
        RetentionRule(
            "newsroom.versions",
            _("versioni di prima degli aggiornamenti"),
            _("si cancellano; l'aggiornamento resta com'è"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            bounds=Bounds(30, 3650, order=80),
            forgets=Aging(rows=Version.objects.all, at="at"),
        )
    )
