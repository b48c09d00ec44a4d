# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The month's budget as a check before sending: a warning, or a stop. An alert passes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.delivery.spending import budgets
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.sending_checks import Asked, Objection


def budget(asked: Asked) -> Objection | None:
    kind = kinds.find(asked.draft.kind)
    priced = [plan for plan in asked.plans if plan.estimated is not None and plan.estimated.recipients]
    if kind is None or not priced:
        return None
    if asked.deciding:
        budgets.hold()
    costs = [plan.estimated.cost for plan in priced if plan.estimated is not None]
    verdict = budgets.weigh(asked.organization, kind.urgency, costs)
    if verdict is None:
        return None
    return Objection(verdict.words, verdict.stops, reverse("newsroom:spending"), _("Guarda la spesa"))
