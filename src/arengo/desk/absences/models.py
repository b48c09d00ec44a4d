# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Absences of colleagues, and the conversations that came free by them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation


class Absence(TenantModel):
    """Assenza: days of the organization's calendar, both included. ``begun_at``: what was in hand has gone back.

    ``ended_at``: the person came back before ``last``, or the absence was taken back.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    first = models.DateField(_("primo giorno"))
    last = models.DateField(_("ultimo giorno"))
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("assenza")
        verbose_name_plural = _("assenze")
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="desk_absence_days"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "first", "id"],
                name="desk_absence_open",
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class Freed(TenantModel):
    """One a conversation: the latest absence by which it came free."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="freed")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"freed {self.conversation_id}"
