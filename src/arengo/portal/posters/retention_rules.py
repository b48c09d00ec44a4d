# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule


def register() -> None:
    retention.register(
        RetentionRule(
            "portal.places",
            _("luoghi dei codici QR"),
            _("restano: dicono da dove è venuto chi si è iscritto"),
        )
    )
