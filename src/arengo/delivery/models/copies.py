# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is noted of a delivery that was, or may have been, handed to the platform more than once."""

from __future__ import annotations

from django.db import models

from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField


class Copy(TenantModel):
    """A message id under which a delivery went out, beside the one that stands with the delivery itself.

    The database writes it, whichever statement sends a delivery again (migration 0110, the trigger ``delivery_copies``):
    with the id that the delivery gives up; without one where the outcome of the send was never known. A receipt may then
    name that id: the first one that fits takes the place. ``at`` is when the delivery was sent again.
    """

    organization = models.ForeignKey(
        "core.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, editable=False
    )
    sender = models.ForeignKey(
        "delivery.Sender", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    delivery = models.ForeignKey(
        "delivery.Delivery",
        on_delete=models.CASCADE,
        related_name="copies",
        db_index=False,
        db_constraint=False,
    )
    message_hash = LookupField(max_length=16, null=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["delivery", "message_hash"], name="delivery_copy_once"),
        ]
        indexes = [
            models.Index(
                fields=["message_hash"],
                name="delivery_copy_by_hash",
                condition=models.Q(message_hash__isnull=False),
            ),
            models.Index(fields=["at"], name="delivery_copy_at"),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"
