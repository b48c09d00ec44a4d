# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The choices of thousands at once. ``chosen`` and ``column``: the table of a sort's choices, and its column (``sorts.py``)."""

from __future__ import annotations

from arengo.core.statements import Statements

statement = Statements(__name__)
