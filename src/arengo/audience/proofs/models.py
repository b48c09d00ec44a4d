# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What proves a consent besides the consent itself."""

from __future__ import annotations

from django.db import models

from arengo.audience.models import Consent, ContactKey, Policy
from arengo.core.personal_keys import opened_with
from arengo.core.scope import TenantModel
from arengo.core.sealed import OpaqueField

ANSWER = "consent answer"  # the vault's purpose


class Told(TenantModel):
    """What the organization answered to a consent: its very words, and which versions of the texts they carried or linked.

    Append-only, and sealed under the same own key as the consent: erasing the person closes it for good.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="told")
    key = models.ForeignKey(
        ContactKey,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    text_sealed = OpaqueField(because="under the citizen's own key")
    at = models.DateTimeField()
    delivery_id = models.BigIntegerField()  # a delivery.Delivery, for as long as those are kept
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    rules = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"told {self.pk}"

    @property
    def text(self) -> str:
        """Empty after the person was erased. For a list, select ``key`` too."""
        try:
            key = self.key
        except ContactKey.DoesNotExist:
            key = None
        return opened_with(key, self.text_sealed, ANSWER)
