# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of the road out, by name: ``statement("claim")`` is ``claim.sql``.

Conditions on a delivery ``d`` that a caller puts into a statement stand in files too; their names begin with ``which_``.
"""

from __future__ import annotations

from arengo.core.statements import Statements
from arengo.delivery.models import DeliveryState, OutboxState, Sender, Urgency

statement = Statements(__name__, DeliveryState, OutboxState, Sender.State, Urgency)
