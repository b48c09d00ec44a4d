# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was counted of a day of the list. ``keeping.py`` writes the rows, ``figures.py`` reads them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel


class ListDay(TenantModel):
    """One day. ``joined`` and ``left``: how many, by way of joining and by reason; nobody is named in it.

    ``listed``, ``topics`` (how many receive each, by id) and ``only_ask``: as they were in the night after the day; None where
    it was not counted then.
    """

    day = models.DateField()
    joined = models.JSONField(default=dict)
    left = models.JSONField(default=dict)
    listed = models.PositiveIntegerField(null=True)
    topics = models.JSONField(null=True)
    only_ask = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("giorno della lista")
        verbose_name_plural = _("giorni della lista")
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="overview_day_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
