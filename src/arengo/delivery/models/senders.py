# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Senders, the templates that they may send, and what a message costs."""

from __future__ import annotations

import secrets
from decimal import Decimal

import msgspec
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel
from arengo.core.sealed import SealedField
from arengo.core.sentences import SentenceField
from arengo.core.vault import vault
from arengo.platforms.contract import Credentials, Words
from arengo.platforms.registry import platform, usual


def _hook_key() -> str:
    return secrets.token_urlsafe(24)


class Sender(TenantModel):
    """Mittente: one number on one platform, with the way to its provider. Credentials are sealed."""

    class State(models.TextChoices):
        ACTIVE = "active", _("attivo")
        STOPPED = "stopped", _("fermo")

    platform = models.CharField(max_length=20, default=usual)
    name = models.CharField(_("nome"), max_length=100)
    display_phone = models.CharField(_("numero"), max_length=40, blank=True)
    credentials_sealed = SealedField(purpose="credentials")
    number_id = models.CharField(max_length=60, blank=True, editable=False)  # of the credentials
    hook_key = models.CharField(max_length=64, unique=True, default=_hook_key, editable=False)
    rate = models.PositiveIntegerField(_("messaggi al secondo"), default=80)
    # How many people the platform lets the whole account reach in 24 hours (delivery/limits/tier.py); None: as many as it likes.
    tier = models.PositiveIntegerField(_("persone al giorno"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_code = models.IntegerField(default=0)
    stop_reason = SentenceField(blank=True)
    # A person mended it: what failed before then is no news.
    resumed_at = models.DateTimeField(null=True, blank=True)
    epoch = models.BigIntegerField(default=0)  # fencing: grows with each new owner
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("mittente")
        verbose_name_plural = _("mittenti")

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> Words:
        """How its platform is called on screen."""
        return platform(self.platform).words

    @property
    def credentials(self) -> Credentials:
        return msgspec.json.decode(
            vault().open(self.credentials_sealed, purpose="credentials"), type=Credentials
        )

    @credentials.setter
    def credentials(self, credentials: Credentials) -> None:
        self.number_id = credentials.number_id
        self.credentials_sealed = vault().seal(msgspec.json.encode(credentials), purpose="credentials")


class LastArrival(models.Model):
    """When something last arrived for a sender, to some seconds (inbound.py). Apart from its row, which the worker changes."""

    sender = models.OneToOneField(
        Sender, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"last arrival {self.pk}"


class MessageTemplate(TenantModel):
    """Modello: a message that the platform approved, as it lists it."""

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="templates")
    template_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=15)
    category = models.CharField(max_length=20)  # MARKETING | UTILITY | AUTHENTICATION
    status = models.CharField(max_length=30)  # APPROVED, PENDING, REJECTED, PAUSED …
    reason = models.CharField(max_length=300, blank=True)
    parameter_format = models.CharField(max_length=12, default="positional")
    components = models.JSONField(default=list)
    synced_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["sender", "name", "language"], name="delivery_template_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(TenantModel):
    """What one message of a category costs, from a day on. The organization's own setting: rates differ by provider."""

    category = models.CharField(max_length=20)  # marketing | utility | authentication | service
    amount = models.DecimalField(_("prezzo a messaggio"), max_digits=8, decimal_places=5)
    currency = models.CharField(max_length=3, default="EUR")
    free_per_month = models.PositiveIntegerField(_("gratuiti al mese"), default=0)
    valid_from = models.DateField()
    source = models.CharField(_("fonte"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "category", "valid_from"], name="delivery_price_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=Decimal(0)), name="delivery_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.amount} {self.currency}"

    @property
    def written(self) -> str:
        """``€ 0,0658``, to the last digit that is set, as the reader's language writes it."""
        return written(self.amount, self.currency)


SIGNS = {"EUR": "€", "USD": "$"}


def written(amount: Decimal, currency: str) -> str:
    """``€ 0,0658``, ``€ 1.200,00``, ``CHF 0,07``: to the last digit that counts, at least two; a currency without a sign of its own
    by its code. As the reader's language writes numbers.
    """
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    shown = number_format(amount, decimal_pos=digits, force_grouping=True)
    return f"{SIGNS.get(currency, currency)}\N{NO-BREAK SPACE}{shown}"
