# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public, anonymous channel: what the town says, for everyone who comes by."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.channel.items import Item
from arengo.core.chat_text import to_plain
from arengo.core.scope import TenantModel


class Channel(TenantModel):
    """Canale: one for an organization."""

    title = models.CharField(_("titolo"), max_length=120)
    description = models.TextField(_("descrizione"), max_length=500, blank=True)
    whatsapp_url = models.URLField(
        _("invito al canale WhatsApp"), blank=True, help_text=_("Se l'ente ha anche un canale su WhatsApp.")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("canale")
        constraints = [models.UniqueConstraint(fields=["organization"], name="channel_one")]

    def __str__(self) -> str:
        return self.title


class Post(TenantModel):
    """Pubblicazione: one update on the channel. ``key`` is the publisher's name for it: twice is once."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="posts")
    key = models.CharField(max_length=100, editable=False)
    title = models.CharField(_("titolo"), max_length=200)
    body = models.JSONField(default=list)
    image = models.FileField(_("immagine"), upload_to="channel/", blank=True)
    image_alt = models.CharField(_("descrizione dell'immagine"), max_length=300, blank=True)
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(_("pubblicato"))
    withdrawn_at = models.DateTimeField(_("ritirato"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("pubblicazione")
        verbose_name_plural = _("pubblicazioni")
        ordering = ["-published_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="channel_post_once")]
        indexes = [
            models.Index(
                fields=["organization", "-published_at", "-id"],
                name="channel_post_public",
                condition=models.Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return to_plain(self.title)

    def get_absolute_url(self) -> str:
        return reverse("public_channel:post", args=[self.pk])

    @property
    def items(self) -> Sequence[Item]:
        return [Item(**item) for item in self.body]

    @property
    def summary(self) -> str:
        """Its first words without marks, for link previews."""
        words = " ".join(" ".join(to_plain(item.text).split()) for item in self.items)
        return words if len(words) <= 200 else f"{words[:199].rstrip()}…"
