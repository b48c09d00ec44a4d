# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who left the list are forgotten after a time: name, addresses, and the key without which the proofs say nobody's name any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from arengo.audience import privacy
from arengo.audience.models import Contact, Identity, Subscription
from arengo.audience.retention import staying
from arengo.audience.rights.models import RightsRequest
from arengo.core.console.retention import Held

_AT_ONCE = 200  # people of one batch, one after the other: some 30 statements each
_LOOKED_AT = 5000  # who left, of one step of the walk


class Leavers:
    """Citizens who left before ``before``, and neither wrote nor joined since. What else keeps somebody is ``staying``.

    Walked from who left first, in steps along the index of who left: most of those whose time is over are gone already, so that
    what is walked over are those who stay.
    """

    def count(self, before: datetime, held: Held, *, most: int) -> int:
        return self._counted((found - set(held.contacts) for found in self._over(before, most)), most)

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        if not held.contacts:
            return 0
        return self._counted((found & set(held.contacts) for found in self._over(before, most)), most)

    def oldest(self) -> datetime | None:
        left = Subscription.objects.filter(active=False, ended_at__isnull=False).order_by("ended_at")
        found: datetime | None = left.values_list("ended_at", flat=True).first()
        return found

    def forget(self, before: datetime, held: Held) -> int:
        for found in self._over(before):
            if free := sorted(found - set(held.contacts))[:_AT_ONCE]:
                return sum(self._forget(pk, before) for pk in free)
        return 0

    @staticmethod
    def _counted(steps: Iterator[set[int]], most: int) -> int:
        total = 0
        for found in steps:
            total += len(found)
            if total >= most:
                return most
        return total

    def _forget(self, contact_id: int, before: datetime) -> bool:
        """Locks as an erasure does, then looks again: they may just be writing."""
        with transaction.atomic():
            contact = privacy.locked(Contact.objects.get(pk=contact_id))
            if contact is None or contact_id in _who_stay([contact_id], before):
                return False
            privacy.forget(contact)
        return True

    def _over(self, before: datetime, most: int | None = None) -> Iterator[set[int]]:
        """Citizens who may go, step by step; no more than ``most`` who left are looked at."""
        left = Subscription.objects.filter(active=False, ended_at__lt=before).order_by("ended_at", "pk")
        ahead, looked_at, at_once = Q(), 0, min(_LOOKED_AT, most or _LOOKED_AT)
        while most is None or looked_at < most:
            rows = list(left.filter(ahead).values_list("ended_at", "pk", "identity__contact")[:at_once])
            if not rows:
                return
            contacts = {row[2] for row in rows}
            yield contacts - _who_stay(contacts, before)
            looked_at += len(rows)
            at, pk, _contact = rows[-1]
            ahead = Q(ended_at__gte=at) & (Q(ended_at__gt=at) | Q(pk__gt=pk))


def _who_stay(contact_ids: Collection[int], before: datetime) -> set[int]:
    """Of these citizens: they wrote, joined, are on the list or left again since, wait for an answer, or a room keeps them."""
    ids = list(contact_ids)
    seen = Identity.objects.filter(contact_id__among=ids).filter(
        Q(last_wrote_at__gte=before)
        | Q(created_at__gte=before)
        | Q(subscription__active=True)
        | Q(subscription__ended_at__gte=before)
    )
    asked = RightsRequest.objects.filter(contact_id__among=ids, state=RightsRequest.State.OPEN)
    return {
        *seen.values_list("contact_id", flat=True),
        *asked.values_list("contact_id", flat=True),
        *staying.of(ids),
    }
