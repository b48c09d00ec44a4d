# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending part of a mailing again costs as any message: the month's budget is asked, unless it is an alert."""

from __future__ import annotations

from arengo.core.models import Organization
from arengo.delivery.models import Fanout, Urgency
from arengo.delivery.prices import pricing
from arengo.delivery.spending import budgets


def too_dear(organization: Organization, fanout: Fanout, people: int) -> str:
    """Why the budget stops it, in words; "" where it does not. In the transaction that sends, after ``budgets.hold``."""
    if not people:
        return ""
    cost = pricing.estimate(organization, fanout.sender, fanout.price_category, people)
    verdict = budgets.weigh(organization, Urgency(fanout.urgency), [cost])
    return verdict.words if verdict is not None and verdict.stops else ""
