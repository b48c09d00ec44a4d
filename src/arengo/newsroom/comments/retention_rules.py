# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long comments are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.newsroom.comments.models import Comment

KEPT = timedelta(days=365)


def register() -> None:
    retention.register(
        RetentionRule(
            "newsroom.comments",
            _("commenti della redazione agli aggiornamenti"),
            _("si cancellano"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            bounds=Bounds(30, 3650, order=82),
            forgets=Aging(rows=Comment.objects.all, at="at"),
        )
    )
