# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Electoral periods, and why something went out during one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel

LONGEST_NAME = 120
LONGEST_REASON = 500


class ElectoralPeriod(TenantModel):
    """Both days belong to it. ``name``: which vote."""

    name = models.CharField(_("quale voto"), max_length=LONGEST_NAME)
    begins = models.DateField(_("primo giorno"))
    ends = models.DateField(_("ultimo giorno"))

    class Meta(TenantModel.Meta):
        verbose_name = _("periodo elettorale")
        verbose_name_plural = _("periodi elettorali")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="newsroom_electoral_days")
        ]
        indexes = [models.Index(fields=["organization", "ends"], name="newsroom_electoral_ends")]

    def __str__(self) -> str:
        return self.name


class ElectoralReason(TenantModel):
    """Why this update is impersonal and indispensable, in the words of who sends it. It stays with the update."""

    update = models.OneToOneField("newsroom.Update", on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"electoral reason {self.pk}"
