# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations, changes of address under way, and how often signing in failed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Membership, Person, Role
from arengo.core.scope import TenantModel


class Invitation(TenantModel):
    """That an organization wants somebody to work in it. A membership begins when it is accepted.

    Only the hash of the link's token is kept. ``mailed`` tells whether the link went to the address alone (opening it
    proves the address) or was shown on screen (it proves nothing). ``membership`` is set where a member of this
    organization gets a new way in.
    """

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("nome e cognome"), max_length=150)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("ruoli"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    mailed = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_open_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="accounts_invitation_recent")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class AddressChange(models.Model):
    """A new address (or the proof of the present one) that waits for its mailed link to be opened."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # used, or replaced by a later one

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="accounts_change_recent")]

    def __str__(self) -> str:
        return f"address change {self.pk}"


class FailureCount(TenantModel):
    """How often signing in failed in one hour: for one member, or (without person) for addresses of nobody here."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "hour"],
                nulls_distinct=False,
                name="accounts_failures_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} at {self.hour}"
