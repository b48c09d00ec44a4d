# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments of the newsroom on its drafts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel

LONGEST = 1000  # characters
MOST = 200  # of one update


class Comment(TenantModel):
    """Commento. ``about``: the key of the passage that it speaks of (``passages.Passage``); "" for the whole. Nobody outside reads it."""

    update = models.ForeignKey(
        "newsroom.Update", on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    about = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("commento")
        verbose_name_plural = _("commenti")
        indexes = [
            models.Index(fields=["update", "at"], name="newsroom_comment_of"),
            models.Index(fields=["organization", "at"], name="newsroom_comment_aging"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"
