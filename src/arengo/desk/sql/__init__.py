# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's hand-written SQL, by name: ``statement("react")`` is ``react.sql``."""

from __future__ import annotations

from arengo.core.statements import Statements

statement = Statements(__name__)
