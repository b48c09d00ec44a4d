# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of the table, in its order."""

from __future__ import annotations

from collections.abc import Callable

from bench.figures import Figure
from bench.rows import competitors, fanout, intake
from bench.run import Run

ROWS: dict[str, Callable[[Run], list[Figure]]] = {
    "fanout.durable": fanout.durable,
    "fanout.vs_pywa": competitors.vs_pywa,
    "fanout.vs_celery": competitors.vs_celery,
    "intake.ack": intake.ack,
    "intake.applied": intake.applied,
}
