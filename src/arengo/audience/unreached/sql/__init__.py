# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of numbers that are not reached, by name."""

from __future__ import annotations

from arengo.core.statements import Statements
from arengo.delivery.models import DeliveryState

statement = Statements(__name__, DeliveryState)
