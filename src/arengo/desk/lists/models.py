# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an organization and its people decided about the lists."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel

MOST_VIEWS = 12  # of one person
LONGEST_PROMISE = 7 * 24 * 60  # minutes


class Promise(TenantModel):
    """Within how many opening minutes citizens are answered; who waits longer stands in a group of their own, at the top.

    One row an organization; without one the default holds.
    """

    minutes = models.PositiveIntegerField(
        _("tempo di risposta"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(LONGEST_PROMISE)],
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organization"], name="desk_one_promise")]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class SavedView(TenantModel):
    """A list with its filters and order, under a name, as one person of the staff keeps it. At most ``MOST_VIEWS`` each.

    ``query``: the part of the address after the question mark, as ``listing.Asked.query`` writes it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nome"), max_length=40)
    query = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "name"], name="desk_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name
