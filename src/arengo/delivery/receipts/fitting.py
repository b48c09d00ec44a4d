# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of our deliveries each receipt is about.

A status names a message twice: by the platform's message id and by the opaque id that we sent with it. Another application
on the same number may send opaque ids of its own, and ours come back with its messages. So both must fit where both are
known:

1. The opaque id names a delivery of this sender, and the message id is that delivery's own, or of an earlier copy of it.
2. The delivery has no message id yet (the receipt overtakes the answer, or no answer came), or may have gone out once more
   under an id that nobody told us: the opaque id is believed unless the recipient is another one or the message id belongs
   to another delivery.
3. Else the message id alone decides. What it does not know either is not ours: it is counted, and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from django.db import connection

from arengo.core import bulk
from arengo.core.vault import VaultError, vault
from arengo.delivery.sending import opaque
from arengo.delivery.sql import statement
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus

_ECHO = timedelta(hours=12)  # what is told of a copy within this time after it was replaced is old news

_decode_address = msgspec.json.Decoder(Address).decode


class About(NamedTuple):
    """A receipt, and the delivery that it is about.

    ``copied_at``: it speaks of an earlier copy, replaced at that time. ``names``: its message id may stand with the delivery.
    """

    delivery_id: int
    receipt: ReceiptReceived
    copied_at: datetime | None = None
    names: bool = True
    fresh: bool = False  # the copy had no id until now: that it left is news

    @property
    def old_news(self) -> bool:
        """A copy that was replaced had left, or failed: the delivery is on its way again, and what comes of that decides.

        That a copy arrived always counts.
        """
        if self.copied_at is None or self.receipt.at >= self.copied_at + _ECHO:
            return False
        return self.receipt.status is ReceiptStatus.FAILED or (
            self.receipt.status is ReceiptStatus.SENT and not self.fresh
        )


class _Known(NamedTuple):
    """A row of ``fits.sql``."""

    delivery_id: int
    message_hash: bytes
    own: bool | None
    unnamed: bool
    copied_at: datetime | None
    address_hash: bytes | None
    address_sealed: bytes | None
    places: list[int] | None  # copies without an id
    places_at: datetime | None  # when the last of them was replaced


_Reported = dict[tuple[int, bytes], list[ReceiptReceived]]


@dataclass
class _Sorted:
    """``claims``: to be believed unless the message id is another delivery's."""

    sure: list[About] = field(default_factory=list)
    claims: list[tuple[_Known, list[ReceiptReceived]]] = field(default_factory=list)
    by_id: dict[bytes, list[ReceiptReceived]] = field(default_factory=lambda: defaultdict(list))


def fit(sender_id: int, platform: str, receipts: Iterable[ReceiptReceived]) -> list[About]:
    """Those that are about a delivery of this sender. One statement where each fits at once, three where not."""
    reported: _Reported = defaultdict(list)
    found = _Sorted()
    for receipt in receipts:
        hashed = vault().message_hash(receipt.message_id) if receipt.message_id else b""
        delivery_id = opaque.read(receipt.opaque)
        if delivery_id is not None:
            reported[delivery_id, hashed].append(receipt)
        elif hashed:
            found.by_id[hashed].append(receipt)
    _compare(sender_id, platform, reported, found)
    hashes = found.by_id.keys() | {known.message_hash for known, _receipts in found.claims}
    owners = _by_message_hash(sender_id, hashes - {b""})
    _believe(found, owners)
    for hashed, waiting in found.by_id.items():
        found.sure += [
            About(delivery_id, receipt) for delivery_id in owners.get(hashed, ()) for receipt in waiting
        ]
    return found.sure


def _compare(sender_id: int, platform: str, reported: _Reported, found: _Sorted) -> None:
    if not reported:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement("fits"),
            {
                "sender": sender_id,
                "ids": bulk.array("bigint", [pk for pk, _hash in reported]),
                "hashes": bulk.array("bytea", [hash_ for _pk, hash_ in reported]),
            },
        )
        rows = [_Known(*row) for row in cursor.fetchall()]
    left = dict(reported)
    for row in rows:
        known = row._replace(message_hash=bytes(row.message_hash))
        receipts = left.pop((known.delivery_id, known.message_hash))
        if known.own:
            found.sure += [About(known.delivery_id, receipt) for receipt in receipts]
        elif known.copied_at is not None:
            found.sure += [
                About(known.delivery_id, receipt, known.copied_at, names=known.unnamed)
                for receipt in receipts
            ]
        elif _may_be(known) and all(_reaches(platform, receipt.address, known) for receipt in receipts):
            found.claims.append((known, receipts))
        elif known.message_hash:
            found.by_id[known.message_hash] += receipts
    for (_delivery_id, hashed), receipts in left.items():
        if hashed:
            found.by_id[hashed] += receipts


def _may_be(known: _Known) -> bool:
    return known.unnamed or bool(known.places) or not known.message_hash


def _reaches(platform: str, address: Address | None, known: _Known) -> bool:
    """Whether the status may be of a message to this delivery's recipient. True where they cannot be compared."""
    if address is None or not known.address_sealed or known.address_hash is None:
        return True
    if bytes(known.address_hash) in {vault().lookup_on(*form.key(platform)) for form in address.forms}:
        return True
    try:
        ours = _decode_address(vault().open(bytes(known.address_sealed), purpose="address"))
    except (VaultError, msgspec.MsgspecError):
        return True
    pairs = ((address.phone, ours.phone), (address.user_id, ours.user_id))
    compared = [theirs == own for theirs, own in pairs if theirs and own]
    return not compared or any(compared)


def _believe(found: _Sorted, owners: dict[bytes, list[int]]) -> None:
    named: dict[int, bytes] = {}
    taken: dict[int, bytes] = {}
    for known, receipts in found.claims:
        pk, hashed = known.delivery_id, known.message_hash
        if hashed and hashed in owners:
            found.by_id[hashed] += receipts
        elif not hashed or (known.unnamed and named.setdefault(pk, hashed) == hashed):
            found.sure += [About(pk, receipt) for receipt in receipts]
        elif (place := next((each for each in known.places or () if each not in taken), None)) is not None:
            taken[place] = hashed
            found.sure += [
                About(pk, receipt, known.places_at, names=False, fresh=True) for receipt in receipts
            ]
    if taken:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_copy c SET message_hash = n.hash "
                "FROM unnest(%s::bigint[], %s::bytea[]) AS n (id, hash) WHERE c.id = n.id AND c.message_hash IS NULL",
                [list(taken), list(taken.values())],
            )


def _by_message_hash(sender_id: int, hashes: Collection[bytes]) -> dict[bytes, list[int]]:
    if not hashes:
        return {}
    found: dict[bytes, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement("by_message"), {"hashes": bulk.array("bytea", hashes), "sender": sender_id})
        for delivery_id, hashed in cursor.fetchall():
            found[bytes(hashed)].append(int(delivery_id))
    return found
