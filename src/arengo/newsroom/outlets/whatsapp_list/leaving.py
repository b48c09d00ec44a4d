# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many left after a mailing, kept beside its copy once nobody more can be counted: deliveries go in time, the number stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from arengo.delivery.models import Fanout
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.whatsapp_list import KEY
from arengo.newsroom.outlets.whatsapp_list.effect import LEFT, WINDOW, who_left

_LATEST = timedelta(days=30)  # after the window: a worker that was away for so long counts what it missed
_MOST = 200  # of one organization in one run; the next run goes on


def keep_due() -> int:
    """Of the scope's organization; returns how many mailings were counted."""
    return sum(keep(fanout) for fanout in due(timezone.now()))


def due(now: datetime) -> QuerySet[Fanout]:
    """Of the scope's organization: the window is over, the recipients are known, nobody counted yet. The oldest first."""
    closed = Fanout.objects.filter(
        last_accepted_at__lte=now - WINDOW,
        last_accepted_at__gt=now - WINDOW - _LATEST,
        n_waiting=0,
        forgotten_at__isnull=True,
    )
    counted = Placement.objects.filter(
        outlet=KEY, detail__has_key=LEFT, update__sent_at__gt=now - 2 * _LATEST
    )
    done = [int(reference) for reference in counted.values_list("reference", flat=True) if reference]
    found: QuerySet[Fanout] = closed.exclude(pk__in=done).order_by("last_accepted_at")[:_MOST]
    return found


@transaction.atomic
def keep(fanout: Fanout) -> bool:
    """Locks the copy. False where it is no update's mailing, or somebody counted meanwhile."""
    placement = (
        Placement.objects.select_for_update(of=("self",), no_key=True)
        .filter(outlet=KEY, reference=str(fanout.pk))
        .first()
    )
    if placement is None or LEFT in placement.detail:
        return False
    placement.detail = {**placement.detail, LEFT: who_left(fanout)}
    placement.save(update_fields=["detail"])
    return True
