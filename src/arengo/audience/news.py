# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Stop» said to the platform instead of to us: no news and no digests. The subscription stands, and alerts still go.

The platform gives no order of arrival: the later word counts, by the platform's own time.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from arengo.audience.events import NewsStopped
from arengo.audience.models import Identity
from arengo.core.events import Batch, publish


def set_stopped(person: Identity, sender_id: int, *, stopped: bool, at: datetime) -> None:
    """A word older than the one that is known changes nothing. What waits of a mailing under way does not reach them."""
    with transaction.atomic():
        held = Identity.objects.select_for_update(no_key=True).get(pk=person.pk)
        if held.marketing_said_at is not None and at < held.marketing_said_at:
            return
        held.marketing_said_at = at
        held.marketing_stopped_at = at if stopped else None
        held.save(update_fields=["marketing_said_at", "marketing_stopped_at"])
        if stopped:
            event = NewsStopped(held.pk, held.platform, held.address)
            publish(NewsStopped, Batch(held.organization_id, sender_id, [event], held.platform))
    person.marketing_said_at, person.marketing_stopped_at = held.marketing_said_at, held.marketing_stopped_at
