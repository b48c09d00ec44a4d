# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was said in a conversation, what it said before it was edited, and reactions."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, SealedField
from arengo.core.vault import vault
from arengo.delivery.models import MESSAGE_ID, Delivery, DeliveryState, Fanout, Sender
from arengo.desk.models.conversations import Conversation

_LATE = timedelta(minutes=5)
LONGEST_REACTION = 40  # characters; an emoji with its joiners has some dozen


class Message(TenantModel):
    """Messaggio: one thing said, by the citizen (``in``) or by the organization (``out``).

    ``key`` makes writing an answer idempotent (it comes with the form); the hash of the platform's message id does for
    what arrived. Of ours the platform's id stands with the delivery.
    """

    class Direction(models.TextChoices):
        IN = "in", _("ricevuto")
        OUT = "out", _("inviato")

    class Kind(models.TextChoices):
        TEXT = "text", _("testo")
        IMAGE = "image", _("foto")
        VIDEO = "video", _("video")
        AUDIO = "audio", _("messaggio vocale")
        DOCUMENT = "document", _("documento")
        STICKER = "sticker", _("adesivo")
        LOCATION = "location", _("posizione")
        CONTACTS = "contacts", _("contatto")
        CHOICE = "choice", _("scelta")
        FORM = "form", _("modulo compilato")
        ORDER = "order", _("ordine")
        CALL = "call", _("chiamata senza risposta")
        SYSTEM = "system", _("avviso di WhatsApp")
        UNSUPPORTED = "unsupported", _("messaggio di un tipo che WhatsApp non ci consegna")

    class Withheld(models.TextChoices):
        TOO_MANY_TO_ONE = "person", _("Risposta automatica non inviata: troppe in poco tempo")
        TOO_MANY_IN_ALL = (
            "organization",
            _("Risposta automatica non inviata: l’ente ne ha inviate troppe in poco tempo"),
        )

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TEXT)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=timezone.now)  # the platform's clock for what arrived
    # The platform told a time that cannot be true: sent_at is when it arrived, and the screen says so.
    time_of_receipt = models.BooleanField(default=False, db_default=False)
    received_at = models.DateTimeField(default=timezone.now)
    error = models.IntegerField(default=0, db_default=0)  # the platform's code for content that did not come
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    # Of the organization's own words that nobody typed: their kind (core/automatic.py). Only desk/answering.py writes them.
    automatic = models.CharField(max_length=40, blank=True)
    # Of ours that went as an approved template: the key of its preset. It may go while the reply window is shut.
    template = models.CharField(max_length=50, blank=True, default="", db_default="")
    # Of a message that would have been answered by itself, and was not: why.
    answer_withheld = models.CharField(max_length=12, choices=Withheld, blank=True, default="", db_default="")
    command = models.CharField(max_length=10, blank=True)  # what handled it: no person need answer
    forwarded = models.BooleanField(default=False)
    # What it holds beyond words, as JSON (platforms/contract/contents.py). Text: rows are written in bulk.
    content = models.TextField(blank=True, default="", db_default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    platform_message_hash = LookupField(max_length=16, null=True)
    platform_message_sealed = SealedField(purpose=MESSAGE_ID, null=True)
    key = models.CharField(max_length=80, blank=True)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    # What it quotes where that is no message of the desk: an update, or a message that is not here yet (references.py).
    quoted_fanout = models.ForeignKey(
        Fanout, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    quoted_hash = LookupField(max_length=16, null=True)
    delivery = models.OneToOneField(
        Delivery, on_delete=models.SET_NULL, null=True, related_name="desk_message"
    )
    failure = models.TextField(blank=True)  # why it never came as far as the outbox
    citizen_reaction = models.CharField(max_length=LONGEST_REACTION, blank=True)
    citizen_reacted_at = models.DateTimeField(
        null=True
    )  # when it was sent, or taken back: an earlier one changes nothing
    our_reaction = models.CharField(max_length=LONGEST_REACTION, blank=True)
    our_reaction_delivery = models.ForeignKey(
        Delivery, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(
        null=True, blank=True
    )  # by the citizen: what it said before is in its versions
    deleted_at = models.DateTimeField(null=True, blank=True)  # by the citizen: its words are in its versions
    # Known by its edit or deletion alone: the message itself has not come yet (desk/edits.py).
    awaited = models.BooleanField(default=False, db_default=False)
    # Read along while another responder had the conversation: the citizen's words, or (outgoing) the other's.
    copy = models.BooleanField(default=False, db_default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("messaggio")
        verbose_name_plural = _("messaggi")
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "platform_message_hash"],
                name="desk_message_once",
                condition=Q(platform_message_hash__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["conversation", "key"], name="desk_message_key", condition=~Q(key="")
            ),
            models.CheckConstraint(
                condition=Q(automatic="") | Q(direction="out", author__isnull=True),
                name="desk_message_nobodys",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "-sent_at", "-id"], name="desk_thread"),
            # What was said on one day: figures are counted day by day (insights).
            models.Index(fields=["organization", "sent_at"], name="desk_message_days"),
            # Whose words grow old (desk/aging.py).
            models.Index(
                fields=["organization", "sent_at"],
                name="desk_message_aging",
                condition=Q(erased_at__isnull=True),
            ),
            models.Index(
                fields=["sender", "quoted_hash"],
                name="desk_quote_waits",
                condition=Q(quoted_hash__isnull=False),
            ),
            models.Index(
                fields=["received_at"], name="desk_quote_since", condition=Q(quoted_hash__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def incoming(self) -> bool:
        return self.direction == self.Direction.IN

    @property
    def did_not_go(self) -> bool:
        """Ours, and as far as anybody knows the citizen does not have it."""
        if self.incoming or self.copy:
            return False
        if self.delivery is not None:
            return self.delivery.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
        attachment = getattr(self, "attachment", None)
        return bool(self.failure) or (attachment is not None and attachment.state == "failed")

    @property
    def came_late(self) -> bool:
        """It stands where it was sent, above what may have been read already: the screen says when it came."""
        return self.incoming and self.received_at - self.sent_at > _LATE

    @property
    def platform_message_id(self) -> str:
        """By which the platform knows what arrived; it holds the citizen's number at WhatsApp. Empty of ours, and once erased."""
        if self.platform_message_sealed is None:
            return ""
        return vault().open_text(self.platform_message_sealed, purpose=MESSAGE_ID)

    @platform_message_id.setter
    def platform_message_id(self, message_id: str) -> None:
        self.platform_message_hash = vault().message_hash(message_id) if message_id else None
        self.platform_message_sealed = (
            vault().seal_text(message_id, purpose=MESSAGE_ID) if message_id else None
        )


class Reaction(TenantModel):
    """Reazione: a citizen's reaction to what is no message of the desk: an update, or a message that is not here yet.

    ``fanout`` None: nobody knows yet what it is about. An empty ``emoji`` took the reaction back; the row stays, so that an
    earlier one that comes late changes nothing.
    """

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="reactions")
    referred_hash = LookupField(max_length=16)
    fanout = models.ForeignKey(Fanout, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    emoji = models.CharField(max_length=LONGEST_REACTION, blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("reazione")
        verbose_name_plural = _("reazioni")
        constraints = [
            models.UniqueConstraint(fields=["sender", "referred_hash"], name="desk_reaction_once"),
        ]
        indexes = [
            models.Index(fields=["fanout"], name="desk_reaction_fanout", condition=Q(fanout__isnull=False)),
            models.Index(
                fields=["received_at"], name="desk_reaction_waits", condition=Q(fanout__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"reaction {self.pk}"


class Version(TenantModel):
    """One earlier text of a message, said at ``at``. The message itself holds the latest."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"version {self.pk}"
