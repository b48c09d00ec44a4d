# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the road out brings to *Stato del servizio*, ``arengo status`` and ``/metrics``."""

from __future__ import annotations

from arengo.core.console import conditions, metrics, reports, troubles
from arengo.core.console.conditions import Place
from arengo.core.console.reports import Report
from arengo.core.console.senders import SenderNames
from arengo.delivery.condition import sections, troubles as wrong
from arengo.delivery.condition.metrics import FAMILIES
from arengo.delivery.condition.page import page
from arengo.delivery.condition.sections import Senders
from arengo.delivery.condition.text import data, text
from arengo.delivery.timeline.deciding import Outlook


def register() -> None:
    conditions.register(Senders, sections.read_senders)
    conditions.register(SenderNames, sections.read_names)
    conditions.register(Outlook, sections.read_outlook)
    troubles.register(Place.FIRST, wrong.OF_TIMELINE, wrong.of_timeline)
    troubles.register(Place.OUT, wrong.OF_SENDERS, wrong.of_senders)
    reports.register(Place.OUT, Report(page, text, data))
    metrics.register(Place.OUT, *FAMILIES)
