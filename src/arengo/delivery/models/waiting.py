# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is not decided yet, and what is remembered of it: small tables, written by hand-made SQL (``delivery/sql``)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from arengo.core.scope import TenantModel
from arengo.delivery.models.deliveries import Delivery, Fanout
from arengo.delivery.models.senders import Sender
from arengo.delivery.models.tenants import organization_key
from arengo.delivery.models.urgency import Urgency


class OutboxState(models.IntegerChoices):
    READY = 0
    LATER = 5  # until ``not_before``
    CLAIMED = 10  # by the owner of ``claim_epoch``: perhaps on its way
    UNCERTAIN = 15  # perhaps sent; its receipt decides, or patience ends
    WITHHELD = 20  # from before a step back of the database: a person decides (delivery/timeline)


class Outbox(TenantModel):
    """What still has to leave, or to be decided: one small row a delivery, gone as soon as the outcome is known.

    A transaction that locks both locks the delivery first and its row here after it.
    """

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="waiting", db_constraint=False
    )
    organization = organization_key(checked=False)
    sender = models.ForeignKey(
        Sender, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    fanout = models.ForeignKey(
        Fanout, on_delete=models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    urgency = models.SmallIntegerField(choices=Urgency)
    state = models.SmallIntegerField(choices=OutboxState, default=OutboxState.READY)
    not_before = models.DateTimeField(default=timezone.now)
    # Bounded by delivery/limits/ceilings.py: claims that the platform may have seen, and tries at which nobody answered.
    attempts = models.SmallIntegerField(default=0)
    outages = models.SmallIntegerField(db_default=0)
    claim_epoch = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)  # UNCERTAIN: since when its receipt is waited for
    tried_at = models.DateTimeField(null=True)  # UNCERTAIN: when it may have been sent, or was claimed
    held = models.BooleanField(db_default=False)  # LATER because today's people are used up (tier.py)

    class Meta(TenantModel.Meta):
        indexes = [
            # «+ 0» is nothing to a number and all to the planner: this order only this index can give (claim.sql).
            models.Index(
                models.F("sender"),
                models.F("urgency"),
                models.ExpressionWrapper(
                    models.F("delivery") + models.Value(0), output_field=models.BigIntegerField()
                ),
                name="outbox_ready",
                condition=models.Q(state=OutboxState.READY),
            ),
            models.Index(
                fields=["sender", "not_before"],
                name="outbox_later",
                condition=models.Q(state=OutboxState.LATER),
            ),
            models.Index(
                fields=["sender", "state", "delivery"],
                name="outbox_claimed",
                condition=models.Q(state__in=[OutboxState.CLAIMED, OutboxState.UNCERTAIN]),
            ),
            models.Index(
                fields=["organization", "fanout"],
                name="outbox_withheld",
                condition=models.Q(state=OutboxState.WITHHELD),
            ),
        ]

    def __str__(self) -> str:
        return f"outbox {self.pk}"


class SecondTry(TenantModel):
    """A delivery that the platform would not take that day and that goes once more: once, whatever is reported again."""

    organization = organization_key()
    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="second_try", db_constraint=False
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["at"], name="delivery_secondtry_at")]

    def __str__(self) -> str:
        return f"second try of {self.pk}"
