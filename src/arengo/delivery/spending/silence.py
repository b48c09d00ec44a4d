# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Senders whose messages are accepted and then never heard of: as when an account has no way to pay. Past the free messages a call
then succeeds, and nothing arrives.

It looks at the last messages themselves, so that a desk with three answers a day is seen too, and a mailing of last night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db import connection
from django.utils import timezone

from arengo.delivery.models import DeliveryState, Fanout, Sender
from arengo.delivery.sql import statement
from arengo.platforms.registry import platform

_PATIENCE = timedelta(minutes=15)  # most receipts come within seconds
_LOOKED_AT = timedelta(days=2)
_MOST, _FEWEST = 20, 3  # single messages: of one or two, the phones may be off
_FEWEST_OF_A_MAILING = 20


@dataclass(frozen=True)
class Silence:
    """``messages`` in a row were accepted since ``since``, and no receipt came of any."""

    messages: int
    since: datetime


def silences(senders: Sequence[Sender]) -> dict[int, Silence]:
    """Of those among them that are silent, by id. Two questions along indexes, each with a bound for each sender."""
    able = [sender.pk for sender in senders if platform(sender.platform).can.receipts]
    if not able:
        return {}
    now = timezone.now()
    return _of_mailings(able, now) | _of_singles(able, now)


def _of_singles(senders: Sequence[int], now: datetime) -> dict[int, Silence]:
    values: dict[str, Any] = {
        "senders": list(senders),
        "from": now - _LOOKED_AT,
        "until": now - _PATIENCE,
        "most": _MOST,
    }
    last: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement("last_singles"), values)
        for sender_id, state, at in cursor.fetchall():
            if at < now - _PATIENCE:
                last[sender_id].append((state, at))
    found = {}
    for sender_id, taken in last.items():
        silent = [at for _state, at in takewhile(lambda row: row[0] == DeliveryState.ACCEPTED, taken)]
        if len(silent) >= _FEWEST:
            found[sender_id] = Silence(len(silent), min(silent))
    return found


def _of_mailings(senders: Sequence[int], now: datetime) -> dict[int, Silence]:
    """The last mailing of each."""
    last = (
        Fanout.objects.filter(
            sender__in=senders, last_accepted_at__gt=now - _LOOKED_AT, last_accepted_at__lt=now - _PATIENCE
        )
        .order_by("sender_id", "-last_accepted_at")
        .distinct("sender_id")
    )
    return {
        one.sender_id: Silence(one.n_accepted, one.first_accepted_at or one.created_at)
        for one in last
        if not (one.n_delivered or one.n_failed) and one.n_accepted >= _FEWEST_OF_A_MAILING
    }
