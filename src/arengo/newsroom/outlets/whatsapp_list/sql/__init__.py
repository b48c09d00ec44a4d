# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of the list as an outlet, by name."""

from __future__ import annotations

from arengo.audience.models import Consent
from arengo.core.statements import Statements

statement = Statements(__name__, Consent.Action)
