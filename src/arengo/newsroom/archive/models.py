# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words by which an update is found."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from arengo.core.scope import TenantModel


class SearchEntry(TenantModel):
    """One an update: the stems of all that it says, folded as ``core.folding`` does. Written whenever the update is saved."""

    update = models.OneToOneField("newsroom.Update", on_delete=models.CASCADE, related_name="+")
    words = SearchVectorField()

    class Meta(TenantModel.Meta):
        indexes = [GinIndex(fields=["words"], name="newsroom_search_words")]

    def __str__(self) -> str:
        return f"search entry {self.pk}"
