# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end of blocks that ended by themselves, in the log."""

from __future__ import annotations

from django.utils import timezone

from arengo.core.scope import every_organization, organization_scope
from arengo.desk.blocks import verbs
from arengo.desk.blocks.models import Block

_AT_ONCE = 500  # of one run; the next one goes on


def write_ended() -> int:
    """Each in its own transaction. Returns how many."""
    with every_organization("blocks end in each of them"):
        due = list(
            Block.objects.filter(ended_at=None, ends_at__lte=timezone.now())
            .order_by("ends_at", "pk")
            .values_list("pk", "organization_id")[:_AT_ONCE]
        )
    written = 0
    for pk, organization_id in due:
        with organization_scope(organization_id):
            written += verbs.write_expired(pk)
    return written
