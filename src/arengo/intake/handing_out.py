# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Events to their listeners, in the reader's transaction: what was told before is dropped, the rest goes in its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import connection

from arengo.core import bulk
from arengo.core.events import Batch, publish
from arengo.core.outside import NO_MOMENT
from arengo.core.vault import vault
from arengo.intake.erased import Orders
from arengo.intake.events import AddressesOfPeople
from arengo.intake.ordering import ORDER, Arrived, rounds
from arengo.platforms.contract import Address, IdentityChanged, MessageReceived, PreferenceChanged


def hand_out(organization_id: int, arrived: Sequence[Arrived]) -> None:
    """In the order of arrival, inside the organization's scope. What a listener raises is the caller's to handle.

    ErasedMeanwhile (``erased.py``): the caller undoes all of it, and comes again.
    """
    orders = Orders(organization_id)
    fresh = orders.without(_unseen(arrived))
    for together in rounds(fresh, partial(known_addresses, organization_id)):
        found: dict[tuple[type[Any], int, str], list[Any]] = defaultdict(list)
        for one in together:
            found[type(one.event), one.sender_id, one.platform].append(one.event)
        # Readers side by side lock in one order: by type, then by sender.
        for event_type in ORDER:
            for key in sorted(key[1:] for key in found if key[0] is event_type):
                sender_id, platform = key
                events = found[event_type, sender_id, platform]
                publish(event_type, Batch(organization_id, sender_id, events, platform))
    orders.confirm(fresh)


def known_addresses(organization_id: int, platform: str, addresses: Sequence[Address]) -> Sequence[Address]:
    """All that those who have one of these addresses are known to have."""
    asked = AddressesOfPeople(addresses)
    publish(AddressesOfPeople, Batch(organization_id, 0, [asked], platform))
    return asked.known


def _unseen(arrived: Sequence[Arrived]) -> list[Arrived]:
    """What was not applied before, each once. The unique constraint decides, also between readers.

    Receipts and what is said of number, account and templates may come twice: applying it again changes nothing.
    """
    hashes = [vault().message_hash(name) if (name := _name(one.event)) else None for one in arrived]
    by_sender: dict[int, set[bytes]] = defaultdict(set)
    for one, hashed in zip(arrived, hashes, strict=True):
        if hashed is not None:
            by_sender[one.sender_id].add(hashed)
    new = {
        (sender_id, hashed)
        for sender_id in sorted(by_sender)
        for hashed in _keep(sender_id, by_sender[sender_id])
    }
    fresh = []
    for one, hashed in zip(arrived, hashes, strict=True):
        if hashed is None:
            fresh.append(one)
        elif (one.sender_id, hashed) in new:
            new.discard((one.sender_id, hashed))  # once, also within the batch
            fresh.append(one)
    return fresh


def _keep(sender_id: int, hashes: set[bytes]) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_seen (sender_id, message_hash) SELECT %s, hash FROM unnest(%s::bytea[]) AS hash ORDER BY hash "
            "ON CONFLICT DO NOTHING RETURNING message_hash",
            [sender_id, bulk.array("bytea", hashes)],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def _name(event: Any) -> str:
    """What names this telling of it; empty for what may be told again, and for what tells no time.

    A change of number that is told once more, weeks later, would move the person who has that number by then.
    """
    if isinstance(event, MessageReceived):
        return event.message_id
    if isinstance(event, IdentityChanged) and event.at != NO_MOMENT:
        return f"identity {_written(event.previous)} {_written(event.current)} {event.at.isoformat()}"
    if isinstance(event, PreferenceChanged) and event.at != NO_MOMENT:
        return f"preference {_written(event.address)} {event.wants_marketing} {event.at.isoformat()}"
    return ""


def _written(address: Address) -> str:
    return f"{address.phone or ''}/{address.user_id or ''}"
