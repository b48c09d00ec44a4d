# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Warnings and blocks of citizens, the messages that show why, and what the organization says of them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation, Message

LONGEST_REASON = 1000  # characters
LONGEST_WAYS = 300  # of each of the two texts that a citizen is told


class BlockSettings(TenantModel):
    """One an organization. Nobody is blocked before both texts are written: whom it concerns must read them."""

    objection = models.TextField(_("come opporsi"), max_length=LONGEST_WAYS, blank=True)
    other_ways = models.TextField(
        _("gli altri modi per rivolgersi all’ente"), max_length=LONGEST_WAYS, blank=True
    )
    confirm = models.BooleanField(
        _("un blocco vale solo dopo la conferma di un amministratore"), default=False
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("regole dei blocchi")
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="desk_block_settings_once"),
        ]

    def __str__(self) -> str:
        return f"block settings {self.pk}"

    @property
    def is_ready(self) -> bool:
        return bool(self.objection and self.other_ways)


class Reprimand(TenantModel):
    """Richiamo: the message with which an operator quoted a rule. ``key``: of the form that sent it, so that it goes once."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    rule = models.CharField(max_length=120)
    quote = models.TextField()
    key = models.CharField(max_length=60)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("richiamo")
        verbose_name_plural = _("richiami")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "key"], name="desk_reprimand_once"),
        ]
        indexes = [
            models.Index(fields=["contact", "-at"], name="desk_reprimand_of"),
            models.Index(fields=["organization", "-at", "-id"], name="desk_reprimand_latest"),
        ]

    def __str__(self) -> str:
        return f"reprimand {self.pk}"


class Block(TenantModel):
    """Blocco: from ``begins_at`` to ``ends_at`` what the citizen writes does not come into the inbox.

    ``begins_at`` None: it was asked for, and waits for an administrator. ``ended_at``: it ended, or never began; ``end`` says
    how. One that is past ``ends_at`` has no effect, also before a job writes its end. ``told``: the message that told the
    citizen; None where the reply window was shut.
    """

    class End(models.TextChoices):
        EXPIRED = "expired", _("scaduto")
        LIFTED = "lifted", _("tolto")
        DECLINED = "declined", _("non confermato")
        MERGED = "merged", _("unito a un altro")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=120)
    quote = models.TextField()
    reason = models.TextField(max_length=LONGEST_REASON)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    end = models.CharField(max_length=8, choices=End, blank=True, default="", db_default="")
    told = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("blocco")
        verbose_name_plural = _("blocchi")
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], name="desk_block_one", condition=Q(ended_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "ends_at"], name="desk_block_open", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["organization", "-ended_at", "-id"], name="desk_block_ended"),
            models.Index(
                fields=["organization", "begins_at"],
                name="desk_block_begun",
                condition=Q(begins_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"

    @property
    def is_asked(self) -> bool:
        return self.begins_at is None and self.ended_at is None

    @property
    def last_day(self) -> date:
        """``ends_at`` is the midnight after it."""
        return timezone.localdate(self.ends_at - timedelta(seconds=1))

    @property
    def in_force(self) -> bool:
        return self.begins_at is not None and self.ended_at is None and self.ends_at > timezone.now()


class Evidence(TenantModel):
    """Prova: a message of the citizen, as it was when it was chosen. A citizen who deletes the message does not take it away.

    It belongs to a reprimand or to a block. Files are not copied: ``message`` leads to them.
    """

    reprimand = models.ForeignKey(Reprimand, on_delete=models.CASCADE, null=True, related_name="evidence")
    block = models.ForeignKey(Block, on_delete=models.CASCADE, null=True, related_name="evidence")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("prova")
        verbose_name_plural = _("prove")
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    @property
    def kind_words(self) -> str:
        return str(Message.Kind(self.kind).label) if self.kind in Message.Kind.values else self.kind
