# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.desk import privacy, references


def register() -> None:
    personal_data.register(
        Holding(
            "desk",
            _("conversazioni, allegati, reazioni"),
            export=privacy.export,
            erase=privacy.erase,
            readable=privacy.readable,
            files=privacy.files,
            amounts=privacy.amounts,
        )
    )
    retention.register(
        RetentionRule(
            "desk.conversations",
            _("conversazioni e allegati"),
            _("si cancellano persona per persona, su richiesta"),
        ),
        RetentionRule(
            "desk.waiting",
            _("reazioni e citazioni di messaggi che non sono ancora arrivati"),
            _("si cancellano"),
            lasts=lambda: references.WAIT,
            job="desk.bind_older_references",
        ),
    )
