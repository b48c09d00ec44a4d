# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message of ours asks the citizen for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel
from arengo.desk.models import Message


class Asked(TenantModel):
    """Domanda: what stands to press under a message of ours. The answer is a message that quotes it.

    ``options``: a list of [title, description] in the order shown; empty of a request. ``button``: the words that open a list.
    """

    class Kind(models.TextChoices):
        BUTTONS = "buttons", _("Pulsanti da premere")
        LIST = "list", _("Elenco da cui scegliere")
        LOCATION = "location", _("Chiedi la posizione")
        NUMBER = "number", _("Chiedi il numero di telefono")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="asked")
    kind = models.CharField(max_length=8, choices=Kind)
    button = models.CharField(max_length=60, blank=True, default="", db_default="")
    options = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        verbose_name = _("domanda")
        verbose_name_plural = _("domande")

    def __str__(self) -> str:
        return f"asked {self.pk}"
