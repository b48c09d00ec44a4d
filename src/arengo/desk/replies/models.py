# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Canned replies and their files."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Desk


class CannedReply(TenantModel):
    """Risposta pronta: words that operators insert into an answer, with what is filled in at that moment (``filling.py``).

    ``desk`` None: of all desks. ``check_by``: the day by which somebody must look whether it is still right; ``checked_at``
    and ``checked_by``: who last did. ``used``: how often it was inserted.
    """

    title = models.CharField(_("titolo"), max_length=120)
    text = models.TextField(_("testo"))
    topic = models.CharField(_("argomento"), max_length=60, blank=True)
    desk = models.ForeignKey(
        Desk,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="canned_replies",
        verbose_name=_("sportello"),
    )
    link = models.URLField(_("pagina ufficiale"), max_length=500, blank=True)
    check_by = models.DateField(_("da rivedere entro"), null=True, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    used = models.PositiveIntegerField(default=0, db_default=0)
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("risposta pronta")
        verbose_name_plural = _("risposte pronte")
        ordering = ["-used", "title", "id"]

    def __str__(self) -> str:
        return self.title


def _place(instance: models.Model, filename: str) -> str:
    """``replies/<organization>/<random>``: a name that cannot be guessed."""
    return str(PurePath("replies", str(instance.organization_id), secrets.token_hex(20)))  # type: ignore[attr-defined]  # of TenantModel


class ReplyFile(TenantModel):
    """A picture or document that is inserted together with a canned reply."""

    reply = models.ForeignKey(CannedReply, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to=_place, max_length=200)
    filename = models.CharField(max_length=240)
    mime_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes

    class Meta(TenantModel.Meta):
        verbose_name = _("file di una risposta pronta")
        verbose_name_plural = _("file di risposte pronte")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"file {self.pk} of reply {self.reply_id}"
