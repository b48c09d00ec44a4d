# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audience's hand-written SQL, by name: ``statement("rename")`` is ``rename.sql``."""

from __future__ import annotations

from arengo.audience.models import Consent
from arengo.audience.reasons import Reason
from arengo.core.statements import Statements

statement = Statements(__name__, Consent.Action, Reason)
