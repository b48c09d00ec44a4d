# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The labels of an organization, and the conversations that carry them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation

LONGEST = 40  # characters; a row of the list has room for one


class Label(TenantModel):
    """Etichetta. One that is not ``active`` is not offered any more, and stays where it is."""

    name = models.CharField(_("nome"), max_length=LONGEST)
    active = models.BooleanField(default=True, db_default=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("etichetta")
        verbose_name_plural = _("etichette")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="desk_label_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Labelled(TenantModel):
    """That a conversation carries a label. ``removed_at``: somebody took it off; the row says who put it on first."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="labelled", db_index=False
    )
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conversation", "label"], name="desk_labelled_once"),
        ]

    def __str__(self) -> str:
        return f"label {self.label_id} on {self.conversation_id}"
