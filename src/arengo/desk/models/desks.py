# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desks of an organization, and who of the staff sees each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Membership
from arengo.core.scope import TenantModel
from arengo.delivery.models import Sender


class Desk(TenantModel):
    """Sportello: one office that answers citizens, on one number or several; several desks may share a number.

    ``everyone``: all operators see it; otherwise only its ``members``, and administrators and auditors. ``senders``: the numbers
    it answers on; none means every number. A new conversation goes to the first desk (``order``, then id) of its number. A desk
    that is not ``active`` gets no new conversations and stands on no public page; its old ones stay.
    """

    name = models.CharField(_("nome"), max_length=60)
    slug = models.SlugField(_("indirizzo"), max_length=60)
    order = models.PositiveSmallIntegerField(default=0, db_default=0)
    active = models.BooleanField(_("in servizio"), default=True, db_default=True)
    everyone = models.BooleanField(_("lo vedono tutti gli operatori"), default=True, db_default=True)
    members = models.ManyToManyField(Membership, related_name="desks", blank=True)
    senders = models.ManyToManyField(Sender, related_name="desks", blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("sportello")
        verbose_name_plural = _("sportelli")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="desk_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name
