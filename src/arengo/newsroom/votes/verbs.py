# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closing a poll by hand, before its time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.newsroom.votes.models import Poll

CLOSE = "newsroom.close_poll"


def close_now(poll_id: int, *, by: Person) -> bool:
    """From now on votes are late; the job counts the rest. Whether it was open. Locks the poll, writes the log, announces the update."""
    with transaction.atomic():
        poll: Poll = Poll.objects.select_for_update(of=("self",)).get(pk=poll_id)
        now = timezone.now()
        if not poll.is_open or poll.closes_at <= now:
            return False
        poll.closes_at = now
        poll.save(update_fields=["closes_at"])
        audit.record("newsroom.closed_poll", organization=poll.organization_id, by=by, on=poll.update)
        announce(poll.organization_id, poll.update.topic)
        app.configure_task(CLOSE).defer(organization_id=poll.organization_id, poll_id=poll.pk)
    return True
