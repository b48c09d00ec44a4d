# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk keeps: conversations, their messages, who had them in hand.

The texts of messages are **not** sealed in the vault, unlike numbers and user ids. Operators must be able to search
them, which PostgreSQL cannot do in what it cannot read; who steals the database without its keys then has words
but nobody's number. Disks and backups are encrypted by who runs the installation. Texts appear in no log, no
address and no error.
"""

from __future__ import annotations

import contextlib
import secrets
from datetime import timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact, Identity
from arengo.core.images import Drawn, NotAPicture, PictureRefused
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, SealedField
from arengo.core.vault import vault
from arengo.delivery.models import MESSAGE_ID, Delivery, Fanout, Sender
from arengo.desk.photos import thumbnail

_LATE = timedelta(minutes=5)
LONGEST_REACTION = 40  # characters; an emoji with its joiners has some dozen


class Conversation(TenantModel):
    """Conversazione: what one citizen and the organization say to each other through one number, until it is closed.

    ``waiting_since`` is set while the citizen waits for a person's answer. ``citizen_wrote_at`` opens the platform's
    window of 24 hours: it is of this number, so it stands here and not with the identity. ``last_message`` is the one with
    which the thread ends, ``last_message_at`` when it was sent (``latest.settle_latest``).
    """

    class State(models.TextChoices):
        OPEN = "open", _("aperta")
        CLOSED = "closed", _("chiusa")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="conversations")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    waiting_since = models.DateTimeField(null=True, blank=True)
    citizen_wrote_at = models.DateTimeField(null=True, blank=True)
    last_message = models.ForeignKey("desk.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    last_message_at = models.DateTimeField(default=timezone.now)
    unread = models.PositiveIntegerField(default=0)
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
            models.Index(
                fields=["organization", "-last_message_at", "-id"],
                name="desk_waiting",
                condition=Q(state="open", waiting_since__isnull=False),
            ),
            models.Index(
                fields=["organization", "assignee", "-last_message_at", "-id"],
                name="desk_open",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["organization", "-last_message_at", "-id"],
                name="desk_closed",
                condition=Q(state="closed"),
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
        ORDER = "order", _("ordine")
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
    # Of a message that would have been answered by itself, and was not: why.
    answer_withheld = models.CharField(max_length=12, choices=Withheld, blank=True, default="", db_default="")
    command = models.CharField(max_length=10, blank=True)  # join | leave: it needs no person's answer
    forwarded = models.BooleanField(default=False)
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
    deleted_at = models.DateTimeField(null=True, blank=True)  # by the citizen: its words are gone here too
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


_SEEN = (Message.Kind.IMAGE, Message.Kind.STICKER)  # of which everybody expects to see something
_LARGEST_PHOTO = 20 * 1024 * 1024  # bytes; what is larger is a document


def _private_place(instance: models.Model, filename: str) -> str:
    """A name that tells nothing and cannot be guessed: ``desk/<organization>/<2 letters>/<random>``."""
    name = secrets.token_hex(20)
    return str(PurePath("desk", str(instance.organization_id), name[:2], name))  # type: ignore[attr-defined]  # of TenantModel


class Attachment(TenantModel):
    """Allegato: the photo or document of a message. Lies in a private folder, served only by ``media_views``."""

    class State(models.TextChoices):
        PENDING = "pending", _("in arrivo")
        READY = "ready", _("pronto")
        FAILED = "failed", _("non riuscito")  # refused, or at its end: ``code`` and ``reason`` say why
        GONE = "gone", _("non più conservato")
        TOO_LARGE = "too_large", _("troppo grande")

    class Cause(models.TextChoices):
        """Why one that is on its way is not there yet."""

        PLATFORM = "platform", _("piattaforma")  # ``code`` is its own
        DISK = "disk", _("disco pieno")
        HOUSE = "house", _("errore di Arengo")
        PICTURE = "picture", _("anteprima")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="attachment")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    platform_media_id = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to=_private_place, max_length=200, blank=True)
    thumbnail = models.FileField(upload_to=_private_place, max_length=200, blank=True)
    mime_type = models.CharField(max_length=100, blank=True)
    filename = models.CharField(max_length=240, blank=True)  # as its owner named it; never a path
    size = models.PositiveBigIntegerField(default=0)  # bytes
    width = models.PositiveIntegerField(default=0)  # of the thumbnail, pixels
    height = models.PositiveIntegerField(default=0)
    # Why it failed, or the platform's own words; of one that is ready, why it has no thumbnail.
    reason = models.TextField(blank=True)
    # While it is on its way (desk/transfers.py keeps these).
    cause = models.CharField(max_length=10, choices=Cause, blank=True, default="", db_default="")
    code = models.IntegerField(default=0, db_default=0)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    in_a_row = models.PositiveIntegerField(
        default=0, db_default=0
    )  # the last tries that ended in the same no
    tried_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # when it is due
    kept_until = models.DateTimeField(null=True)  # when the other side gives it up; None: not known
    busy_until = models.DateTimeField(null=True)  # a job has it in hand until then at most
    job_id = models.BigIntegerField(null=True)  # which

    class Meta(TenantModel.Meta):
        verbose_name = _("allegato")
        verbose_name_plural = _("allegati")
        indexes = [
            models.Index(fields=["next_at"], name="desk_files_due", condition=Q(state="pending")),
            models.Index(
                fields=["kept_until"], name="desk_files_lost", condition=Q(state__in=["failed", "gone"])
            ),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    def make_thumbnail(self) -> None:
        """Of a photo; sets the MIME type to what the content is, or ``reason`` to why there is no thumbnail. Not saved.

        The file itself stays as it came, whatever is in it. Raises PictureBusy when it has to be tried again.
        """
        if self.size > _LARGEST_PHOTO:
            return
        with self.file.open("rb") as stored:
            try:
                small = thumbnail(stored)
            except PictureRefused as refused:
                if self.message.kind in _SEEN or not isinstance(refused, NotAPicture):
                    self.reason = str(_("Anteprima non disponibile. %(why)s")) % {"why": refused.what}
                return
        self.mime_type = small.found_mime_type[:100]
        self.keep_thumbnail(small.drawn)

    def keep_file(self, content: File[bytes]) -> None:
        """Not saved. Raises OSError when there is no room; nothing is left behind then."""
        _write(self, "file", content)

    def keep_thumbnail(self, drawn: Drawn) -> None:
        """Not saved. Raises OSError as ``keep_file`` does."""
        _write(self, "thumbnail", ContentFile(drawn.content))
        self.width, self.height = drawn.width, drawn.height

    def discard(self) -> None:
        """Take the files off the disk; the row keeps the bare fact."""
        for field in (self.file, self.thumbnail):
            if field:
                field.delete(save=False)


def _write(attachment: Attachment, field: str, content: File[bytes]) -> None:
    """Under a name that is known before: what a full disk left of it can be taken away."""
    kept = getattr(attachment, field)
    name = kept.field.generate_filename(attachment, "")
    try:
        setattr(attachment, field, kept.storage.save(name, content, max_length=kept.field.max_length))
    except OSError:
        with contextlib.suppress(OSError):
            kept.storage.delete(name)
        raise


class Assignment(TenantModel):
    """Assegnazione: one line of the history of who had the conversation in hand. Only ever added to."""

    class Deed(models.TextChoices):
        TOOK = "took", _("presa in carico")
        RELEASED = "released", _("rilasciata")
        ASSIGNED = "assigned", _("assegnata")
        CLOSED = "closed", _("chiusa")
        REOPENED = "reopened", _("riaperta")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="assignments")
    deed = models.CharField(max_length=10, choices=Deed)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("assegnazione")
        verbose_name_plural = _("assegnazioni")

    def __str__(self) -> str:
        return f"{self.deed} {self.conversation_id}"


class Version(TenantModel):
    """One earlier text of a message, said at ``at``. The message itself holds the latest."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"version {self.pk}"


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
