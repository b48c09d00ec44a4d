# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links to a citizen's own page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sealed import OpaqueField

_RANDOM = "SHA-256 of 256 random bits: nobody guesses what it was made of"


class PersonalLink(TenantModel):
    """One link, sent to one identity. It is opened once, until ``expires_at``; the browser that opened it may stay until ``open_until``.

    Of the link's token, and of what the browser holds, only the hash is kept.
    """

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    sender_id = models.BigIntegerField()  # delivery.Sender through which it was sent
    token_hash = OpaqueField(max_length=32, unique=True, because=_RANDOM)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    browser_hash = OpaqueField(max_length=32, null=True, unique=True, because=_RANDOM)
    open_until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # of the staff
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["expires_at"], name="audience_personal_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, browser_hash__isnull=True, open_until__isnull=True)
                | Q(opened_at__isnull=False, browser_hash__isnull=False, open_until__isnull=False),
                name="audience_personal_opened",
            )
        ]

    def __str__(self) -> str:
        return f"personal link {self.pk}"
