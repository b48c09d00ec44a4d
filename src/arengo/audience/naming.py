# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What topics and quarters have in common: a name, the words with which people say it, a place among the others, an end."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.scope import TenantModel

LONGEST_NAME, LONGEST_WORD = 80, 40


class Named(TenantModel):
    """One that ended is offered no more, and stays with who chose it: without it their choice would mean everything.

    ``words`` are how citizens name it in a message. Of one that went into another, its name and words mean that other.
    """

    name = models.CharField(gettext_lazy("nome"), max_length=LONGEST_NAME)
    words = ArrayField(models.CharField(max_length=LONGEST_WORD), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        abstract = True
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="audience_%(class)s_name",
                condition=models.Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def in_use(cls) -> models.QuerySet[Any]:
        """Those of the scope's organization that can be chosen, in its order."""
        return cls.objects.filter(ended_at=None)

    @property
    def shown(self) -> str:
        """Beside what somebody receives."""
        return _("%(name)s (non c’è più)") % {"name": self.name} if self.ended_at else self.name
