# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was paid for, as receipts tell it, and how much a month may cost."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel
from arengo.delivery.models.deliveries import Fanout
from arengo.delivery.models.senders import Sender, written


class Charge(TenantModel):
    """How many messages of one day and category arrived, and whether the platform charges for them. Nobody is named in it.

    Of a mailing, or of a sender's single messages (``fanout`` None). ``move.sql`` counts each message once, when it is both
    delivered and priced by a receipt; the day is the organization's, of the delivery.
    """

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="+", db_index=False)
    fanout = models.ForeignKey(Fanout, on_delete=models.CASCADE, null=True, related_name="charges")
    day = models.DateField()
    category = models.CharField(max_length=30)  # the platform's own word
    billable = models.BooleanField()
    count = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "fanout", "day", "category", "billable"],
                name="delivery_charge_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "day"], name="delivery_charge_days"),
            models.Index(fields=["sender", "day"], name="delivery_charge_of_sender"),
        ]

    def __str__(self) -> str:
        return f"charge {self.pk}"


class Budget(TenantModel):
    """How much the mailings of a calendar month may cost. Alerts and answers are never held back by it."""

    class Beyond(models.TextChoices):
        WARNS = "warns", _("avvisa chi invia")
        STOPS = "stops", _("ferma gli invii fino al mese dopo")

    amount = models.DecimalField(_("al mese, al massimo"), max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    beyond = models.CharField(max_length=10, choices=Beyond, default=Beyond.WARNS)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("limite di spesa")
        verbose_name_plural = _("limiti di spesa")
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="delivery_budget_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=Decimal(0)), name="delivery_budget_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"budget {self.pk}"

    @property
    def written(self) -> str:
        return written(self.amount, self.currency)

    @property
    def stops(self) -> bool:
        return self.beyond == self.Beyond.STOPS
