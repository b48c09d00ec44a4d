# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins that are not confirmed yet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Consent, Identity
from arengo.audience.receiving import Receives
from arengo.core.scope import TenantModel


class Pending(TenantModel):
    """In attesa di conferma: a wish that is no subscription. It ends with a yes, a leave, or its time.

    ``consent``: the line of the log that says the wish. ``chosen``: topics and quarters that it named, as in a choice: «3,q2».
    """

    identity = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", db_index=False)
    chosen = models.TextField(blank=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("iscrizione da confermare")
        verbose_name_plural = _("iscrizioni da confermare")
        indexes = [models.Index(fields=["organization", "expires_at"], name="audience_pending_until")]

    def __str__(self) -> str:
        return f"pending {self.pk}"

    @property
    def receives(self) -> Receives:
        parts = [part for part in self.chosen.split(",") if part]
        return Receives(
            frozenset(int(part) for part in parts if part[0] != "q"),
            frozenset(int(part[1:]) for part in parts if part[0] == "q"),
        )
