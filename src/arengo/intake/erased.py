# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What had come of somebody before they were erased, and is read after it: the erasure wins, and nothing of it is applied.

The order to scrub the journal (``Scrub``) says who they were until all that had arrived is read; until then their messages,
choices and changes of address are left out of rows up to the last one of that moment. What arrives later is a new word, and
makes them known as somebody new: nothing is kept by which it could be told from a stranger's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from arengo.core.vault import vault
from arengo.intake.ordering import Arrived
from arengo.platforms.contract import Address, IdentityChanged, MessageReceived, PreferenceChanged

PURPOSE = "scrub"  # the vault's


class Term(msgspec.Struct, frozen=True, array_like=True):
    """What names a person on a platform: a number or a user id. ``until``: when it ceased to be theirs; None: it is still, or is
    never another's. Orders that were written before there were several platforms say none: they hold on each."""

    name: str
    until: datetime | None = None
    platform: str = ""

    def holds_on(self, platform: str) -> bool:
        return self.platform in ("", platform)


Terms = list[Term]

_ORDERS = "SELECT id, up_to, terms_sealed FROM intake_scrub WHERE organization_id = %s"


class ErasedMeanwhile(Exception):
    """Somebody was erased while their events were applied: the transaction must be undone, and made again without them."""


def seal_terms(terms: Terms) -> bytes:
    return vault().seal(msgspec.json.encode(terms), purpose=PURPOSE)


def open_terms(sealed: bytes | memoryview) -> Terms:
    return msgspec.json.decode(vault().open(sealed, purpose=PURPOSE), type=Terms)


class Orders:
    """The people of one organization who were erased and may still have something waiting; as of when it was made."""

    def __init__(self, organization_id: int) -> None:
        self._organization_id = organization_id
        with connection.cursor() as cursor:
            cursor.execute(_ORDERS, [organization_id])
            self._orders = {pk: (up_to, open_terms(sealed)) for pk, up_to, sealed in cursor.fetchall()}

    def without(self, arrived: Sequence[Arrived]) -> Sequence[Arrived]:
        return [one for one in arrived if not self._forbids(one)] if self._orders else arrived

    def confirm(self, applied: Sequence[Arrived]) -> None:
        """ErasedMeanwhile where one of these people was erased since. Asked last, it sees every erasure that came in between:
        a transaction that makes somebody known waits for erasures under way (``audience.identities.one_at_a_time``)."""
        later = Orders(self._organization_id)
        if later._orders.keys() - self._orders.keys() and any(map(later._forbids, applied)):
            raise ErasedMeanwhile

    def _forbids(self, one: Arrived) -> bool:
        event = one.event
        if isinstance(event, MessageReceived):
            return self._names(one, event.address, event.sent_at)
        if isinstance(event, PreferenceChanged):
            return self._names(one, event.address, event.at)
        # Who comes to a number that was an erased person's is somebody else.
        return isinstance(event, IdentityChanged) and self._names(one, event.previous, event.at)

    def _names(self, one: Arrived, address: Address, at: datetime) -> bool:
        parts = (address.phone, address.user_id)
        return any(
            term.name in parts and term.holds_on(one.platform) and (term.until is None or at <= term.until)
            for up_to, terms in self._orders.values()
            if one.row_id <= up_to
            for term in terms
        )
