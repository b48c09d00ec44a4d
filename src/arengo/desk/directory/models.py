# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The entries of the directory."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel


class DirectoryEntry(TenantModel):
    """Voce della rubrica: an office, a service or a form, with what a citizen needs to get there. ``used``: how often it was inserted."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("ufficio")
        SERVICE = "service", _("servizio")
        FORM = "form", _("modulo")

    kind = models.CharField(_("tipo"), max_length=8, choices=Kind, default=Kind.OFFICE)
    name = models.CharField(_("nome"), max_length=120)
    place = models.CharField(_("dove"), max_length=200, blank=True)
    hours = models.CharField(_("orari"), max_length=200, blank=True)
    phone = models.CharField(_("telefono"), max_length=60, blank=True)
    mail = models.EmailField(_("e-mail"), max_length=120, blank=True)
    link = models.URLField(_("pagina"), max_length=500, blank=True)
    topic = models.CharField(_("argomento"), max_length=60, blank=True)
    note = models.CharField(_("nota"), max_length=300, blank=True)
    used = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("voce della rubrica")
        verbose_name_plural = _("voci della rubrica")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
