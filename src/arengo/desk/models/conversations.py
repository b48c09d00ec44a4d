# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations, and who had them in hand."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact, Identity
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.delivery.models import Sender
from arengo.desk.models.desks import Desk

# Somebody must do something: answer, or mend an answer that did not go. Since when.
WAITS = Q(waiting_since__isnull=False) | Q(undelivered_since__isnull=False)
WAITS_SINCE = Least("waiting_since", "undelivered_since")


class Conversation(TenantModel):
    """Conversazione: what one citizen and the organization say to each other through one number, until it is closed.

    ``waiting_since`` is set while the citizen waits for a person's answer; ``undelivered_since`` while the thread ends with
    an answer of ours that did not go (the database keeps it: triggers of migration 1020, and ``latest.py``).
    ``citizen_wrote_at`` opens the platform's window of 24 hours: it is of this number, so it stands here and not with the
    identity. ``last_message`` is the one with which the thread ends, ``last_message_at`` when it was sent
    (``latest.settle_latest``). ``incoming_count`` counts the messages and edits that ever asked for an answer and never
    falls: a page that shows the first n of them marks these n as read and no more (``handling.mark_seen``).
    """

    class State(models.TextChoices):
        OPEN = "open", _("aperta")
        CLOSED = "closed", _("chiusa")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="conversations")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="conversations")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    waiting_since = models.DateTimeField(null=True, blank=True)
    undelivered_since = models.DateTimeField(null=True, blank=True)
    citizen_wrote_at = models.DateTimeField(null=True, blank=True)
    last_message = models.ForeignKey("desk.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    last_message_at = models.DateTimeField(default=timezone.now)
    unread = models.PositiveIntegerField(default=0)
    incoming_count = models.PositiveIntegerField(default=0, db_default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Another responder on our number has it (desk/routing.py), and when the platform last said who does.
    held_by_other = models.BooleanField(default=False, db_default=False)
    held_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("conversazione")
        verbose_name_plural = _("conversazioni")
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "sender"], name="desk_one_open", condition=Q(state="open")
            ),
        ]
        indexes = [
            # One for each list and order (desk/lists/listing.py); all begin with the desk, since people see some of the desks.
            models.Index(
                F("organization"),
                F("desk"),
                WAITS_SINCE,
                F("id"),
                name="desk_longest",
                condition=Q(state="open") & WAITS,
            ),
            models.Index(
                fields=["organization", "desk", "-last_message_at", "-id"],
                name="desk_waiting",
                condition=Q(state="open") & WAITS,
            ),
            models.Index(
                fields=["organization", "desk", "assignee", "-last_message_at", "-id"],
                name="desk_open",
                condition=Q(state="open"),
            ),
            # PostgreSQL sorts what «assignee IS NULL» finds in the index above: the free ones need their own.
            models.Index(
                fields=["organization", "desk", "-last_message_at", "-id"],
                name="desk_free",
                condition=Q(state="open", assignee=None),
            ),
            models.Index(
                fields=["organization", "desk", "-last_message_at", "-id"],
                name="desk_answered",
                condition=Q(state="open", waiting_since=None, undelivered_since=None),
            ),
            # A command alone makes one that is closed from the start: thousands of them do not bury what was answered.
            models.Index(
                fields=["organization", "desk", "-closed_at", "-id"],
                name="desk_closed",
                condition=Q(state="closed", closed_at__gt=F("opened_at")),
            ),
            models.Index(fields=["identity", "sender", "-id"], name="desk_of_identity"),
            models.Index(fields=["sender", "-held_at"], name="desk_held", condition=Q(held_by_other=True)),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def topic(self) -> str:
        """The live topic of its screen."""
        return f"conversation:{self.pk}"


class Assignment(TenantModel):
    """Assegnazione: one line of the history of who had the conversation in hand. Only ever added to.

    ``waiting_since`` and ``unread``: of a closing, what it ended, so that it can be undone (``handling.undo_close``).
    """

    class Action(models.TextChoices):
        TOOK = "took", _("presa in carico")
        RELEASED = "released", _("rilasciata")
        ASSIGNED = "assigned", _("assegnata")
        CLOSED = "closed", _("chiusa")
        REOPENED = "reopened", _("riaperta")
        MOVED = "moved", _("passata a un altro sportello")
        UNDONE = "undone", _("chiusura annullata")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="assignments")
    action = models.CharField(max_length=10, choices=Action)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True)
    unread = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("assegnazione")
        verbose_name_plural = _("assegnazioni")
        indexes = [
            # What was closed on one day (insights): a conversation that is open again does not say when it was.
            models.Index(fields=["organization", "at"], name="desk_closings", condition=Q(action="closed")),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.conversation_id}"


class Handover(TenantModel):
    """One line of who had a conversation: us or another responder on our number. ``role`` is the platform's word.

    ``by``: an operator asked for it; ``code`` is the platform's refusal (0: nothing came back), None when it agreed.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="handovers")
    ours = models.BooleanField()
    role = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    code = models.IntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "at", "ours"],
                name="desk_handover_once",
                condition=Q(by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"

    @property
    def role_words(self) -> str | Promise:
        return _ROLES.get(self.role, self.role.replace("_", " "))


_ROLES: dict[str, str | Promise] = {
    "primary": _("responsabile principale"),
    "entry_point": _("punto d’ingresso"),
    "escalation_partner": _("ultimo responsabile"),
}
