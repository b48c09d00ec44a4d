# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of messages, in the data folder."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core import antivirus
from arengo.core.images import Drawn, NotAPicture, PictureRefused
from arengo.core.scope import TenantModel
from arengo.core.sentences import SentenceField, gettext
from arengo.desk.models.messages import Message
from arengo.desk.photos import thumbnail

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
        SCAN = (
            "scan",
            _("antivirus"),
        )  # nobody looked at it yet; of one that failed, ``reason`` names what was found
        AGE = "age", _("età")  # its time was over (desk/aging.py)

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="attachment")
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
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
    reason = SentenceField(blank=True)
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
                fields=["organization", "id"],
                name="desk_files_unscanned",
                condition=Q(state="pending", cause="scan"),
            ),
            # What grows old (desk/aging.py).
            models.Index(
                fields=["organization", "created_at"],
                name="desk_files_aging",
                condition=~Q(file="") & ~Q(state="pending"),
            ),
            models.Index(
                fields=["kept_until"], name="desk_files_lost", condition=Q(state__in=["failed", "gone"])
            ),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def may_be_opened(self) -> bool:
        """It lies here, and what a citizen sent was looked at, where somebody looks."""
        waits = self.message.incoming and self.state != self.State.READY and antivirus.configured()
        return bool(self.file) and not waits

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
                    self.reason = gettext("Anteprima non disponibile. %(why)s") % {"why": refused.what}
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
