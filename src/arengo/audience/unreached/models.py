# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People whom mailings did not reach, one after the other, and which mailings were looked at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Identity
from arengo.core.scope import TenantModel
from arengo.delivery.models import Fanout


class UnreachedRule(TenantModel):
    """After how many mailings in a row a number leaves; 0: never. ``kept_back``: how many stay because they are too many at once."""

    invalid_after = models.PositiveSmallIntegerField(_("il numero non c’è più"), default=3)
    unreached_after = models.PositiveSmallIntegerField(_("nessuna consegna"), default=5)
    kept_back = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("regola dei numeri non raggiunti")
        verbose_name_plural = _("regole dei numeri non raggiunti")
        constraints = [models.UniqueConstraint(fields=["organization"], name="unreached_rule_once")]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class Miss(TenantModel):
    """Somebody on the list whom the last mailings to them did not reach: ``times`` in a row, at most one a day.

    ``invalid``: for so many of them, the last ones, the platform said that nobody is there. ``first_at``, ``last_at``: when the
    mailings were sent. The row goes as soon as one arrives or the person writes.
    """

    identity = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="+")
    times = models.PositiveSmallIntegerField()
    invalid = models.PositiveSmallIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("numero non raggiunto")
        verbose_name_plural = _("numeri non raggiunti")
        indexes = [
            models.Index(fields=["organization", "invalid", "id"], name="unreached_invalid"),
            models.Index(fields=["organization", "times", "id"], name="unreached_times"),
        ]

    def __str__(self) -> str:
        return f"miss {self.pk}"


class Checked(TenantModel):
    """A mailing that was looked at, once. ``counts``: its misses say something of numbers; else of the platform that day."""

    fanout = models.OneToOneField(Fanout, on_delete=models.CASCADE, related_name="+")
    mailed_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    counts = models.BooleanField()

    class Meta(TenantModel.Meta):
        verbose_name = _("invio controllato")
        verbose_name_plural = _("invii controllati")
        indexes = [models.Index(fields=["organization", "mailed_at"], name="unreached_checked")]

    def __str__(self) -> str:
        return f"checked {self.pk}"
