# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long links that open nothing any more are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import NIGHTLY, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.newsroom.sharing.models import PreviewLink


def register() -> None:
    retention.register(
        RetentionRule(
            "newsroom.preview_links",
            _("link di anteprima scaduti: chi li ha fatti, e per chi"),
            _("si cancellano"),
            lasts=lambda: timedelta(days=30),
            because=_("Dopo, non aprono più nulla da un mese."),
            job=NIGHTLY,
            forgets=Aging(rows=PreviewLink.objects.all, at="expires_at"),
        )
    )
