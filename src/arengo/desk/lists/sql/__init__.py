# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of the desk's lists, by name."""

from __future__ import annotations

from arengo.core.statements import Statements
from arengo.desk.models import Conversation

statement = Statements(__name__, Conversation.State)
