# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links by which an update is shown to who has no account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel

LONGEST_NAME = 80


class PreviewLink(TenantModel):
    """Its address is signed (``links.address_of``) and not kept. It shows the update as it is at that moment, until ``expires_at``.

    ``to``: for whom it was made, in the words of who made it; the staff alone reads it.
    """

    update = models.ForeignKey(
        "newsroom.Update", on_delete=models.CASCADE, related_name="preview_links", db_index=False
    )
    to = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("link di anteprima")
        verbose_name_plural = _("link di anteprima")
        indexes = [
            models.Index(fields=["update", "-made_at"], name="newsroom_preview_of"),
            models.Index(fields=["organization", "expires_at"], name="newsroom_preview_aging"),
        ]

    def __str__(self) -> str:
        return f"preview link {self.pk}"
