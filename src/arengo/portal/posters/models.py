# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places in which a code hangs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.ways import LONGEST_CODE
from arengo.core.scope import TenantModel

LONGEST_NAME = 60


class Place(TenantModel):
    """Luogo: a library, a shop window, a leaflet. ``code``: what the message that its code prepares carries.

    The code stays when the name changes: posters hang, and the log of consents holds it.
    """

    code = models.CharField(max_length=LONGEST_CODE)
    name = models.CharField(_("luogo"), max_length=LONGEST_NAME)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("luogo di un codice QR")
        verbose_name_plural = _("luoghi dei codici QR")
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="portal_posters_code_once")
        ]

    def __str__(self) -> str:
        return self.name
