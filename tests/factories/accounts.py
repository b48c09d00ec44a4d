# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from arengo.accounts.models import Invitation
from arengo.core.models import Organization


def invitation(organization: Organization, email: str, name: str, *roles: str, **fields: Any) -> Invitation:
    """A mailed one that is open for three days; nobody knows its token."""
    found: Invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        name=name,
        roles=list(roles),
        token_hash=f"{organization.pk:064d}",
        mailed=True,
        expires_at=timezone.now() + timedelta(days=3),
        **fields,
    )
    return found
