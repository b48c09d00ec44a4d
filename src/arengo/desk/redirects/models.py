# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where reports and complaints are taken, by category; and what was sent of it, and to which citizen."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.labels.models import LONGEST as LONGEST_LABEL, Label
from arengo.desk.models import Conversation, Message

LONGEST_LINK = 300
LONGEST_TEXT = 1000
MOST = 40  # categories of an organization


class RedirectSettings(TenantModel):
    """One an organization: the address of its reporting system, for the categories that have none of their own."""

    link = models.URLField(_("indirizzo del sistema di segnalazione"), max_length=LONGEST_LINK)

    class Meta(TenantModel.Meta):
        verbose_name = _("sistema di segnalazione")
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="desk_redirect_settings_once"),
        ]

    def __str__(self) -> str:
        return f"redirect settings {self.pk}"


class Redirect(TenantModel):
    """Rimando: what is sent to somebody who reports or complains. ``text`` holds {link} once.

    One that is not ``active`` is not offered any more. ``label``: what the conversation carries then.
    """

    name = models.CharField(_("categoria"), max_length=LONGEST_LABEL)
    text = models.TextField(_("testo"), max_length=LONGEST_TEXT)
    link = models.URLField(_("indirizzo"), max_length=LONGEST_LINK, blank=True)
    label = models.ForeignKey(Label, on_delete=models.SET_NULL, null=True, related_name="+")
    active = models.BooleanField(default=True, db_default=True)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("rimando")
        verbose_name_plural = _("rimandi")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="desk_redirect_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Redirected(TenantModel):
    """That a redirect was sent. Figures count these rows by ``redirect`` and day."""

    redirect = models.ForeignKey(Redirect, on_delete=models.CASCADE, related_name="sent", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("rimando inviato")
        verbose_name_plural = _("rimandi inviati")
        indexes = [
            models.Index(fields=["redirect", "at"], name="desk_redirected_of"),
            models.Index(fields=["organization", "at"], name="desk_redirected_at"),
        ]

    def __str__(self) -> str:
        return f"redirected {self.pk}"
