# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long opening hours are kept. They hold nothing of a citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule


def register() -> None:
    retention.register(
        RetentionRule(
            "desk.hours",
            _("orari, chiusure e aperture straordinarie"),
            _("restano: dicono quando lo sportello era aperto"),
        )
    )
