# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What core brings to *Stato del servizio*, ``arengo status`` and ``/metrics``."""

from __future__ import annotations

from arengo.core.condition import metrics as ours, sections, troubles as wrong
from arengo.core.condition.report import REPORT
from arengo.core.condition.sections import Automatic
from arengo.core.console import conditions, metrics, reports, troubles
from arengo.core.console.conditions import Place
from arengo.core.erasures import Left
from arengo.core.machine import Machine


def register() -> None:
    conditions.register(Machine, sections.read_machine)
    conditions.register(Left, sections.read_left)
    conditions.register(Automatic, sections.read_automatic)
    troubles.register(Place.PROCESSES, wrong.OF_PROCESSES, wrong.of_processes)
    troubles.register(Place.BY_ITSELF, wrong.OF_AUTOMATIC, wrong.of_automatic)
    troubles.register(Place.GROUND, wrong.OF_GROUND, wrong.of_ground)
    reports.register(Place.GROUND, REPORT)
    metrics.register(Place.BY_ITSELF, *ours.BY_ITSELF)
    metrics.register(Place.GROUND, *ours.GROUND)
