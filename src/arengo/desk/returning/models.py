# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""For how long a closed conversation can be taken up again by its citizen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel

MOST_DAYS = 90


class ReturnRule(TenantModel):
    """One an organization. ``days`` after a conversation was closed its citizen's next message opens it again; 0: never.

    Without a row it is never.
    """

    days = models.PositiveSmallIntegerField(_("giorni"), default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="desk_return_rule_once"),
            models.CheckConstraint(condition=Q(days__lte=MOST_DAYS), name="desk_return_rule_days"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days"
