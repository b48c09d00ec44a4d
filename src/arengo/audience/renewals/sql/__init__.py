# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of renewals, by name."""

from __future__ import annotations

from arengo.audience.renewals.models import Asking
from arengo.core.statements import Statements

statement = Statements(__name__, Asking.State)
