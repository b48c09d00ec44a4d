# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fact that a message was received by mistake and erased."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Message


class Mistake(TenantModel):
    """The bare fact: nothing of what the message said stands here."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="mistake")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("messaggio ricevuto per errore")
        verbose_name_plural = _("messaggi ricevuti per errore")

    def __str__(self) -> str:
        return f"mistake {self.pk}"
