# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of absences, and for how long they are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries
from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule
from arengo.core.scope import every_organization
from arengo.desk.absences.models import Absence

KEPT = timedelta(days=90)  # after its last day


def register() -> None:
    log_entries.verbs(
        {
            "desk.noted_absence": _("ha annotato un’assenza"),
            "desk.changed_absence": _("ha tolto o accorciato un’assenza"),
        }
    )
    retention.register(
        RetentionRule(
            "desk.absences",
            _("assenze degli operatori"),
            _("si cancellano"),
            lasts=lambda: KEPT,
            because=_("Dopo, nessuno aspetta più chi era assente."),
            job="desk.look_at_absences",
        )
    )


def forget_old() -> int:
    """Absences that ended long ago. Returns how many."""
    with every_organization("retention knows no scope"):
        gone, _rows = Absence.objects.filter(last__lt=timezone.localdate() - KEPT).delete()
    return int(gone)
