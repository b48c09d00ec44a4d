# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of opening hours, by name."""

from __future__ import annotations

from arengo.core.statements import Statements

statement = Statements(__name__)
