# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each minute votes that wait are counted, and polls whose time is over are closed."""

from __future__ import annotations

import logging

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from arengo.core.logs import named
from arengo.core.scope import every_organization, organization_scope
from arengo.newsroom.votes import counting, verbs
from arengo.newsroom.votes.keys import NoKey
from arengo.newsroom.votes.models import Poll

log = logging.getLogger(__name__)


@app.task(name=verbs.CLOSE)
def close(organization_id: int, poll_id: int) -> None:
    try:
        with organization_scope(organization_id):
            counting.close(poll_id)
    finally:
        _let_go()


@app.periodic(cron="* * * * *")
@app.task(name="newsroom.count_votes", queueing_lock="newsroom.count_votes")
def count_votes(timestamp: int) -> None:
    """One poll that fails keeps no other waiting; what died in the middle is done again."""
    try:
        with every_organization("a worker counts for all organizations"):
            found = Poll.objects.filter(state=Poll.State.OPEN).order_by("closes_at")
            polls = list(found.values_list("organization_id", "pk", "closes_at"))
        for organization_id, poll_id, closes_at in polls:
            with organization_scope(organization_id):
                try:
                    (counting.close if closes_at <= timezone.now() else counting.count)(poll_id)
                except NoKey:
                    log.warning("The key of poll %d is not on this machine: its votes wait.", poll_id)
                except Exception as error:  # the next one is not to wait for it
                    log.exception("Poll %d could not be counted (%s).", poll_id, named(error))
        with every_organization("files of keys are the installation's"):
            counting.sweep()
    finally:
        _let_go()


def _let_go() -> None:
    if not connection.in_atomic_block:
        close_old_connections()
