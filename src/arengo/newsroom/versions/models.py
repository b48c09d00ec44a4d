# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The texts of an update as they were."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel


class Version(TenantModel):
    """Versione: what an update said when it was saved as its version ``number``.

    Several saves of one person within a few minutes are one of these: ``began_at`` is the first of them, ``at`` the last. Into one
    that is ``closed`` nothing is written any more: somebody has read it, or went back from it. ``content``: a Draft as
    ``drafts.kept_form`` keeps it. ``picture``: the name of its file, which may be gone since. ``taken_from``: the number of the
    version whose words these are again.
    """

    update = models.ForeignKey(
        "newsroom.Update", on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    at = models.DateTimeField()
    content = models.JSONField()
    picture = models.CharField(max_length=200, blank=True, default="")
    closed = models.BooleanField(default=False)
    taken_from = models.PositiveIntegerField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("versione di un aggiornamento")
        verbose_name_plural = _("versioni degli aggiornamenti")
        constraints = [models.UniqueConstraint(fields=["update", "number"], name="newsroom_version_once")]
        indexes = [models.Index(fields=["organization", "at"], name="newsroom_version_aging")]

    def __str__(self) -> str:
        return f"version {self.pk}"
