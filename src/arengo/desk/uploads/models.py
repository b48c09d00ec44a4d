# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words and files that are not sent yet, each of one operator in one conversation."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Conversation
from arengo.desk.models.files import _private_place


class Draft(TenantModel):
    """Bozza: what somebody is writing to a citizen. Only they read it. ``key`` is the message's that it becomes."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    key = models.CharField(max_length=60, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("bozza")
        verbose_name_plural = _("bozze")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "person"], name="desk_draft_once"),
        ]
        indexes = [models.Index(fields=["saved_at"], name="desk_draft_old")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Upload(TenantModel):
    """Caricamento: a file on its way to the server, or there and not sent yet. Private; it ends after a day.

    ``received`` of ``size`` bytes lie in ``file``. Once all are there the file is made ready: ``kind``, ``mime_type`` and
    ``filename`` are what is sent. ``stamp`` is when the browser says that the file was changed: with name and size it
    knows the same file again.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=240)
    stamp = models.CharField(max_length=20, blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    ready = models.BooleanField(default=False)
    scanned = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, blank=True)  # a Message.Kind
    mime_type = models.CharField(max_length=100, blank=True)
    filename = models.CharField(max_length=240, blank=True)
    file = models.FileField(upload_to=_private_place, max_length=200)
    thumbnail = models.FileField(upload_to=_private_place, max_length=200, blank=True)
    width = models.PositiveIntegerField(default=0)  # of the thumbnail, pixels
    height = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("caricamento")
        verbose_name_plural = _("caricamenti")
        indexes = [
            models.Index(fields=["conversation", "person"], name="desk_upload_of"),
            models.Index(fields=["began_at"], name="desk_upload_old"),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    def discard(self) -> None:
        """Take the files off the disk."""
        for field in (self.file, self.thumbnail):
            if field:
                field.delete(save=False)
