# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.intake import silence


def webhooks() -> timedelta:
    return timedelta(days=settings.ARENGO_JOURNAL_DAYS)


def register() -> None:
    # Rows are found by address (scrubbing.py); what they say is handed out by the rooms that it went to.
    personal_data.register(Holding("intake", _("i messaggi e le ricevute come sono arrivati, cifrati")))
    retention.register(
        RetentionRule(
            "intake.webhooks",
            _("i messaggi e le ricevute come sono arrivati, cifrati"),
            _("si cancellano"),
            lasts=webhooks,
            setting="ARENGO_JOURNAL_DAYS",
            job="intake.forget_webhooks",
        ),
        RetentionRule(
            "intake.gaps",
            _(
                "quanto durano di solito le pause di un numero: ore, lunghezze, quante; di nessuno in particolare"
            ),
            _("si cancellano"),
            lasts=lambda: timedelta(days=silence.DAYS),
            job="intake.watch_silences",
        ),
    )
