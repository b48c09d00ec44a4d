# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The installation's timelines, and who has read that one began."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel


def new_token() -> str:
    return secrets.token_hex(8)


class Cause(models.TextChoices):
    """What began a timeline. All but the first say that the database is older than it was."""

    INSTALLED = "installed", _("installazione")
    RESTORE = "restore", _("ripristino con «arengo restore»")
    FOLDER = "folder", _("la cartella dei dati è più avanti della banca dati")
    COPY = "copy", _("la banca dati è stata ricaricata da una copia")
    SERVER = "server", _("il server della banca dati è tornato a un momento precedente")
    RECEIPT = "receipt", _("WhatsApp parla di messaggi che qui non risultano inviati")


class Timeline(models.Model):
    """A stretch of the installation's history without a step back. The newest row is the present one.

    ``tick`` grows every few seconds while a worker lives, here first and then in the data folder (``folder_note.py``).
    """

    installation = models.CharField(
        max_length=16, default=new_token
    )  # the same in all timelines of an installation
    token = models.CharField(max_length=16, default=new_token, unique=True)
    cause = models.CharField(max_length=10, choices=Cause)
    began_at = models.DateTimeField()  # by the database's clock, as the other times
    lost_from = models.DateTimeField(null=True)  # the last moment of which the database knew; None: not known
    before_delivery = models.BigIntegerField(default=0)  # the last id known of what came before
    first_delivery = models.BigIntegerField()  # ids from here on are given out in this timeline
    last_delivery = models.BigIntegerField(default=0)  # the highest id that stood in the table, at a tick
    seen_delivery = models.BigIntegerField(default=0)  # the highest id of a lost one that a receipt told of
    withheld_at = models.DateTimeField(
        null=True
    )  # when all of the old outbox was withheld; until then nobody claims
    tick = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField()
    place = models.JSONField(default=dict)  # where the database lies (step_back.py)
    moved_place_at = models.DateTimeField(
        null=True
    )  # when another server took over without a loss that is known

    def __str__(self) -> str:
        return f"timeline {self.pk}"


class TimelineRead(TenantModel):
    """An administrator has read that a timeline began: the banner goes once nothing is withheld any more."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["timeline", "organization"], name="delivery_timeline_read_once")
        ]

    def __str__(self) -> str:
        return f"timeline {self.timeline_id} read"
