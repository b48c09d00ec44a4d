# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a conversation is to be followed up, and the person to do it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation


class FollowUp(TenantModel):
    """One a conversation: the latest. It rests until the morning of ``day``, then waits for us again (``back_at``).

    ``waited_since``: since when the citizen waited when it was put off; None when nobody did. ``done_at``: followed up, put off
    again with another day, or closed meanwhile.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="follow_up")
    day = models.DateField(_("giorno"))
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    waited_since = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("da seguire")
        verbose_name_plural = _("da seguire")
        indexes = [
            models.Index(
                fields=["day", "id"],
                name="desk_follow_up_rests",
                condition=Q(done_at__isnull=True, back_at__isnull=True),
            ),
            models.Index(
                fields=["organization", "day", "conversation"],
                name="desk_follow_up_due",
                condition=Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None
