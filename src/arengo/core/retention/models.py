# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The periods that an organization chose, and what each night took away."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel


class RetentionPeriod(TenantModel):
    """How long the organization keeps what one rule is about. Without a row it is the rule's default.

    ``days`` count now. ``next_days`` are shorter, and count from ``next_from`` on: until then they can be taken back.
    """

    rule = models.CharField(max_length=60)
    days = models.PositiveIntegerField()
    next_days = models.PositiveIntegerField(null=True)
    next_from = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # None: Arengo
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("tempo di conservazione")
        verbose_name_plural = _("tempi di conservazione")
        constraints = [
            models.UniqueConstraint(fields=["organization", "rule"], name="core_retention_once"),
            models.CheckConstraint(
                condition=Q(next_days=None, next_from=None)
                | Q(next_days__isnull=False, next_from__isnull=False),
                name="core_retention_next",
            ),
        ]

    def __str__(self) -> str:
        return f"retention of {self.rule}"


class RetentionRun(TenantModel):
    """What one run took away, of one rule. Only ever added to; old rows go by a rule of their own.

    ``held_back``: what was over and stays because somebody's data are held, a thousand at most. ``complete``: nothing that was over is
    left; False where the night was too short or the run failed: the next one goes on.
    """

    rule = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(default=timezone.now)
    gone = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("cancellazione di una notte")
        verbose_name_plural = _("cancellazioni di una notte")
        indexes = [
            models.Index(fields=["organization", "ended_at"], name="core_retention_run_age"),
            models.Index(fields=["rule", "organization", "-ended_at"], name="core_retention_run_rule"),
        ]

    def __str__(self) -> str:
        return f"run of {self.rule}"
