# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two addresses of one person, and the code that proves it."""

from __future__ import annotations

from django.db import models

from arengo.audience.models import Identity
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField


class Link(TenantModel):
    """Collegamento: two addresses of one person, each with its own card and conversations. They are reached at ``preferred``.

    Each has a subscription, and that of ``other`` is replaced by the one of ``preferred`` (``Subscription.replaced_by``).
    ``swapped``: what the two subscriptions say has changed places since they were linked. ``paused``: ``other``'s was active, and
    is so again when the link ends, unless the person left meanwhile. ``after_consent``: the last line of the log of consents
    before the link.
    """

    preferred = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="+")
    other = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="+")
    swapped = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    after_consent = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(preferred=models.F("other")), name="audience_link_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class LinkCode(TenantModel):
    """A code in one chat of somebody, to be typed in another of theirs. Serves once; a new one takes its place."""

    identity = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="+")
    sender_id = models.BigIntegerField()  # delivery.Sender to which they wrote
    code_hash = LookupField(max_length=32)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # wrong ones, typed anywhere meanwhile

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "code_hash"], name="audience_link_code_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "expires_at"], name="audience_link_code_waits"),
            models.Index(fields=["expires_at"], name="audience_link_code_age"),
        ]

    def __str__(self) -> str:
        return f"link code {self.pk}"
