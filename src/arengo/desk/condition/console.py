# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk brings to *Stato del servizio*, ``arengo status`` and ``/metrics``, and to the top of the console."""

from __future__ import annotations

from arengo.core import banners
from arengo.core.console import conditions, troubles
from arengo.core.console.conditions import Place
from arengo.desk.condition import sections, troubles as wrong
from arengo.desk.condition.sections import Unscanned


def register() -> None:
    conditions.register(Unscanned, sections.read_unscanned)
    troubles.register(Place.GROUND, wrong.KINDS, wrong.find)
    banners.register("antivirus", wrong.banner, wrong.when)
