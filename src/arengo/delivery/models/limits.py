# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the platform's limits are counted by: small tables that forget after a day, written by hand-made SQL."""

from __future__ import annotations

from django.db import models

from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField
from arengo.delivery.models.senders import Sender
from arengo.delivery.models.tenants import organization_key


class Reached(TenantModel):
    """An address that an account wrote to outside a conversation, and when last: what counts against ``Sender.tier``."""

    organization = organization_key()
    account = models.CharField(max_length=64)
    address_hash = LookupField(max_length=32)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "address_hash"], name="delivery_reached_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "account", "at"], name="delivery_reached_lately")]

    def __str__(self) -> str:
        return f"reached {self.pk}"


class Heard(TenantModel):
    """The people who wrote to a number, and when last: for a day, writing to them is answering. Kept where a tier is counted."""

    organization = organization_key()
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="+", db_index=False)
    address_hash = LookupField(max_length=32)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["sender", "address_hash"], name="delivery_heard_once")]
        indexes = [models.Index(fields=["sender", "at"], name="delivery_heard_lately")]

    def __str__(self) -> str:
        return f"heard {self.pk}"


class Inbound(TenantModel):
    """How many messages a reader took in at once: they count against the number's pace. The owner takes the rows away."""

    organization = organization_key()
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    messages = models.IntegerField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["at"], name="delivery_inbound_at")]

    def __str__(self) -> str:
        return f"inbound {self.pk}"
