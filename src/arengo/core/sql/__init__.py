# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL about the database itself, by name: ``statement("largest_tables")`` is ``largest_tables.sql``."""

from __future__ import annotations

from procrastinate.jobs import Status

from arengo.core.statements import Statements

statement = Statements(__name__, Status)
