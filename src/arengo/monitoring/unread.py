# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks of which something could not be read, and nobody has looked at them."""

from __future__ import annotations

from django.db.models import QuerySet

from arengo.delivery.models import Sender
from arengo.intake.models import Journal


def unread() -> QuerySet[Journal]:
    """Of the scope's organization: the journal itself belongs to senders."""
    return Journal.objects.filter(state=Journal.State.MARKED, sender__in=Sender.objects.all()).defer(
        "body_sealed"
    )


def unread_count() -> int:
    return unread().count()
