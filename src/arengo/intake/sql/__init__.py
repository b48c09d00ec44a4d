# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of the road in, by name: ``statement("take")`` is ``take.sql``."""

from __future__ import annotations

from arengo.core.statements import Statements
from arengo.intake.models import Journal

statement = Statements(__name__, Journal.State)
