# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule


def register() -> None:
    retention.register(
        RetentionRule(
            "newsroom.schedule",
            _("invii programmati, piano degli invii"),
            _("restano con il loro aggiornamento"),
        )
    )
