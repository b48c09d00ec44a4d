# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.accounts import trail
from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule


def register() -> None:
    retention.register(
        RetentionRule(
            "accounts.failures",
            _("quanti accessi non sono riusciti, per ora"),
            _("si cancella al prossimo accesso non riuscito"),
            lasts=lambda: trail.KEPT,
            because=_("Basta a vedere chi tenta di entrare."),
        )
    )
