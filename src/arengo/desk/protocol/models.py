# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The numbers under which conversations stand in the register."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation

LONGEST_NUMBER = 60  # «Prot. n. 0012345/2026 del 1/12/2026» and longer ones


class Registered(TenantModel):
    """Protocollazione: a conversation was registered under ``number`` on ``day``, with its first ``messages`` messages.

    It may be registered again later, when more was said.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="registered", db_index=False
    )
    number = models.CharField(_("numero di protocollo"), max_length=LONGEST_NUMBER)
    day = models.DateField(_("data"))
    messages = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("protocollazione")
        verbose_name_plural = _("protocollazioni")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="desk_registered_once"),
        ]

    def __str__(self) -> str:
        return self.number
