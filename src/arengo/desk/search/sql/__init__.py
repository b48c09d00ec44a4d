# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search's hand-written SQL, by name: ``statement("search")`` is ``search.sql``."""

from __future__ import annotations

from arengo.core.statements import Statements

statement = Statements(__name__)
