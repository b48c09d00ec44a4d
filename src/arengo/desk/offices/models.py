# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other offices were asked."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation

LONGEST = 2000  # characters of a question, and of its answer
LONGEST_OFFICE = 100


class Question(TenantModel):
    """Domanda a un altro ufficio. The link holds the token, of which only the hash is kept; it serves until ``expires_at``, once.

    The office sees ``text`` and the organization's name, nothing of the conversation.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="questions", db_index=False
    )
    office = models.CharField(_("ufficio"), max_length=LONGEST_OFFICE)
    email = models.EmailField(_("e-mail"))
    text = models.TextField()
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("domanda a un ufficio")
        verbose_name_plural = _("domande agli uffici")
        indexes = [
            models.Index(fields=["conversation", "-id"], name="desk_question_of"),
            models.Index(fields=["organization", "-at"], name="desk_question_at"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.expires_at > timezone.now()
