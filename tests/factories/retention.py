# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nights, as the job of ``core/retention`` makes them."""

from __future__ import annotations

from arengo.core.console import retention
from arengo.core.models import Organization
from arengo.core.retention import running


def night(organization: Organization, name: str) -> int:
    """One rule of one organization. Returns how many rows went."""
    rule = retention.rule(name)
    if rule.forgets is None:
        raise ValueError(f"{name} is not taken away by the night")
    return running.run(rule, rule.forgets, organization)
