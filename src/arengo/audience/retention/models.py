# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holds: whose data no job takes away."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact
from arengo.core.models import Person
from arengo.core.scope import TenantModel

LONGEST_REASON = 200  # characters
SOON = timedelta(days=7)  # before its end a hold is pointed at


class Hold(TenantModel):
    """Blocco: why everything of one citizen stays, for a dispute or an inquiry. ``until``: its last day; None: until it is released.

    ``ended_by`` None of one that ended: by itself, at its day.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("perché"), max_length=LONGEST_REASON)
    until = models.DateField(_("fino al"), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("blocco della cancellazione")
        verbose_name_plural = _("blocchi della cancellazione")
        indexes = [
            models.Index(
                fields=["organization", "id"], name="audience_hold_open", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["until"], name="audience_hold_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["organization", "-ended_at"], name="audience_hold_ended"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @property
    def ends_soon(self) -> bool:
        return self.until is not None and self.until <= timezone.localdate() + SOON
