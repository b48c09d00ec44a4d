# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road in brings to *Stato del servizio*, ``arengo status`` and ``/metrics``."""

from __future__ import annotations

from arengo.core.console import conditions, metrics, reports, troubles
from arengo.core.console.conditions import Place
from arengo.intake.alarms import Alarms
from arengo.intake.condition import sections, troubles as wrong
from arengo.intake.condition.metrics import FAMILIES
from arengo.intake.condition.report import REPORT
from arengo.intake.status import JournalStatus


def register() -> None:
    conditions.register(JournalStatus, sections.read_journal)
    conditions.register(Alarms, sections.read_alarms)
    troubles.register(Place.IN, wrong.KINDS, wrong.find)
    reports.register(Place.IN, REPORT)
    metrics.register(Place.IN, *FAMILIES)
