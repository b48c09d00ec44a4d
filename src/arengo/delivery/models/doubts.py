# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept to decide whether a message whose answer was lost has gone (decision 12)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arengo.core.scope import TenantModel
from arengo.delivery.models.deliveries import Delivery, Fanout
from arengo.delivery.models.senders import Sender
from arengo.delivery.models.tenants import organization_key


class Doubt(TenantModel):
    """A delivery that the platform may have accepted without our hearing of it. Lives as long as the delivery.

    Written when patience with an uncertain delivery ends (``settle.sql``), weighed by ``weigh.sql``. A delivery that a
    receipt decided later keeps its row; only an UNKNOWN one is in doubt today.
    """

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="doubt", db_constraint=False
    )
    organization = organization_key()
    sender = models.ForeignKey(
        Sender, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    fanout = models.ForeignKey(
        Fanout, on_delete=models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    tried_at = ArrayField(models.DateTimeField())  # each time it may have been sent, the last ones
    since = models.DateTimeField()  # when patience last ended
    repeats = models.SmallIntegerField(default=0)  # how often it went again by itself, in its whole life
    # Evidence that it did not go: so many others, sent at the same moment, all have a receipt. None: not known.
    neighbours = models.IntegerField(null=True)
    weigh_at = models.DateTimeField(null=True)  # when evidence is looked for next; None: no more

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["weigh_at"],
                name="delivery_doubt_to_weigh",
                condition=models.Q(weigh_at__isnull=False),
            ),
            models.Index(
                fields=["fanout"], name="delivery_doubt_of_mailing", condition=models.Q(fanout__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"doubt about {self.pk}"


class Acceptances(TenantModel):
    """Which deliveries of a sender the platform accepted within one second, as ``move.sql`` wrote them together.

    Forgotten after two days. In place of an index over all deliveries by time (decision 16).
    """

    organization = organization_key(checked=False)
    sender = models.ForeignKey(
        Sender, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    second = models.DateTimeField()
    deliveries = ArrayField(models.BigIntegerField())

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["sender", "second"], name="delivery_accepted_then")]

    def __str__(self) -> str:
        return f"acceptances {self.pk}"
