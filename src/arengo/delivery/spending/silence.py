# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Senders whose messages are accepted and then never heard of: as when an account has no way to pay. Past the free messages a call
then succeeds, and nothing arrives.

It looks at the last messages themselves, so that a desk with three answers a day is seen too, and a mailing of last night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.utils import timezone

from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender
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


def silence_of(sender: Sender) -> Silence | None:
    """Inside the scope. Two questions along indexes, each with a bound."""
    if not platform(sender.platform).can.receipts:
        return None
    now = timezone.now()
    return _of_singles(sender, now) or _of_mailing(sender, now)


def _of_singles(sender: Sender, now: datetime) -> Silence | None:
    last = (
        Delivery.objects.filter(
            sender=sender, fanout=None, created_at__gt=now - _LOOKED_AT, created_at__lt=now - _PATIENCE
        )
        .order_by("-created_at")
        .values_list("state", "accepted_at")[:_MOST]
    )
    taken = [(state, at) for state, at in last if at is not None and at < now - _PATIENCE]
    silent = [at for _state, at in takewhile(lambda row: row[0] == DeliveryState.ACCEPTED, taken)]
    return Silence(len(silent), min(silent)) if len(silent) >= _FEWEST else None


def _of_mailing(sender: Sender, now: datetime) -> Silence | None:
    last = (
        Fanout.objects.filter(
            sender=sender, last_accepted_at__gt=now - _LOOKED_AT, last_accepted_at__lt=now - _PATIENCE
        )
        .order_by("-last_accepted_at")
        .first()
    )
    if last is None or last.n_delivered or last.n_failed or last.n_accepted < _FEWEST_OF_A_MAILING:
        return None
    return Silence(last.n_accepted, last.first_accepted_at or last.created_at)
