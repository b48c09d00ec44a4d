# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many people there are, counted every few minutes: no page counts a long list."""

from __future__ import annotations

from django.db import models

from arengo.core.scope import TenantModel


class KeptCount(TenantModel):
    """``cards``: citizens, whether they ever joined or not. ``subscribed``, ``left``: on the list now, and not any more."""

    cards = models.PositiveIntegerField()
    subscribed = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organization"], name="audience_people_counted_once")]

    def __str__(self) -> str:
        return f"count {self.pk}"
