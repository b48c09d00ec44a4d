# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes, and mentions of colleagues in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation

LONGEST = 4000  # characters
LONGEST_SIGNATURE = 120


class Note(TenantModel):
    """Nota interna: the staff's words about a conversation or a citizen. Never sent, never shown to a citizen on a page.

    ``on_person``: it stands with the citizen, not in the thread; ``conversation`` is where it was written. ``signed``: the
    words are of an office without an account, which ``author`` then is not. ``at`` is when it was written, or when the
    citizen telephoned or came to the counter. Of one that was removed the bare fact stays.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Nota interna")
        CALL = "call", _("Telefonata")
        VISIT = "visit", _("Visita allo sportello")
        HANDOVER = "handover", _("Passaggio")
        OFFICE = "office", _("Risposta di un altro ufficio")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    on_person = models.BooleanField(default=False, db_default=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTE)
    text = models.TextField()
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    signed = models.CharField(max_length=LONGEST_SIGNATURE, blank=True, default="", db_default="")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("nota")
        verbose_name_plural = _("note")
        indexes = [
            models.Index(fields=["conversation", "-at", "-id"], name="desk_note_thread"),
            models.Index(fields=["organization", "at"], name="desk_note_aging", condition=Q(on_person=False)),
            models.Index(fields=["contact"], name="desk_note_contact"),  # all of a citizen: merged, erased
            models.Index(
                fields=["contact", "-at", "-id"], name="desk_note_person", condition=Q(on_person=True)
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Mention(TenantModel):
    """Menzione: a colleague is called in a note. ``seen_at``: they opened it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("menzione")
        verbose_name_plural = _("menzioni")
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="desk_mention_once")]
        indexes = [
            models.Index(fields=["organization", "person", "-id"], name="desk_mention_of"),
            models.Index(
                fields=["organization", "person"],
                name="desk_mention_unseen",
                condition=Q(seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"
