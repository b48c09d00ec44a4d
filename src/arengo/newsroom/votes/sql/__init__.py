# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of votes, by name."""

from __future__ import annotations

from arengo.core.statements import Statements
from arengo.newsroom.votes.models import Poll

statement = Statements(__name__, Poll.State)
