# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mailings of some days ago, and whom they did not reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from arengo.audience.models import Identity
from arengo.audience.reasons import Reason
from arengo.audience.unreached import verbs
from arengo.audience.unreached.models import Checked, Miss
from arengo.core.models import Organization
from arengo.delivery.models import DeliveryState, Fanout, Sender
from tests.factories.audience import citizen, consented
from tests.factories.delivery import decide, mailing

GONE = 131026  # «undeliverable», in WhatsApp's own numbers


def sent_to(
    sender: Sender,
    people: Sequence[Identity],
    *,
    days_ago: float,
    failed: Mapping[Identity, int] | None = None,
    silent: Collection[Identity] = (),
) -> Fanout:
    """A mailing to these people. ``failed``: with which code; ``silent``: accepted, and nothing was told since."""
    failed = failed or {}
    fanout = mailing(sender, [person.address for person in people])
    for person in people:
        row = fanout.deliveries.filter(address_hash=person.subject_hash)
        if person in failed:
            decide(row, DeliveryState.FAILED, code=failed[person])
        else:
            decide(row, DeliveryState.ACCEPTED)
            if person not in silent:
                decide(row, DeliveryState.DELIVERED)
    at = timezone.now() - timedelta(days=days_ago)
    Fanout.objects.filter(pk=fanout.pk).update(
        created_at=at,
        last_accepted_at=at,
        n_waiting=0,
        n_delivered=len(people) - len(failed) - len(silent),
    )
    fanout.refresh_from_db()
    return fanout


def of_unreached(organization: Organization, sender: Sender) -> None:
    """A rule that holds somebody, somebody near to leaving, a mailing that was looked at, and somebody who left."""
    own, _new = verbs.UnreachedRule.objects.get_or_create()
    verbs.UnreachedRule.objects.filter(pk=own.pk).update(kept_back=1)
    now = timezone.now()
    near, gone = citizen("Nina Esempio"), citizen("Gino Esempio")
    for person in (near, gone):
        consented(person, sender)
    Miss.objects.create(identity=near, times=3, invalid=3, first_at=now - timedelta(days=9), last_at=now)
    consented(gone, sender, reason=Reason.INVALID)
    fanout = Fanout.objects.order_by("pk").first() or mailing(sender, [near.address])
    Checked.objects.create(fanout=fanout, mailed_at=now, total=4, missed=3, counts=False)
