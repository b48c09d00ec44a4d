# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who wrote: addresses into people, in bulk.

A platform names a person by phone, by user id, or by both; it may show the number only later, and both may change.
:class:`Book` holds the identities that a batch is about and keeps them in memory; :meth:`Book.write` stores what
changed: a handful of queries whatever the size of the batch, unless people turn out to be one or swap addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from arengo.audience.merging import absorb, remember_former
from arengo.audience.models import Contact, Identity, phone_hash, user_hash
from arengo.core import bulk
from arengo.core.scope import current_organization_id
from arengo.platforms.contract import Address

_ADDRESS = ("phone_sealed", "phone_hash", "user_id_sealed", "user_id_hash")


def resolve(platform: str, sender_id: int, addresses: Iterable[Address]) -> Book:
    """A book in which each address is somebody; who was not known is created. Several readers may do so at once."""
    wanted = list(dict.fromkeys(addresses))
    book = look_up(platform, wanted)
    if all(book.settled(address) for address in wanted):
        return book
    one_at_a_time()
    book = look_up(platform, wanted)
    for address in wanted:
        book.place(address)
    book.write(sender_id)
    return book


def rename(platform: str, sender_id: int, pairs: Iterable[tuple[Address, Address]]) -> None:
    """(previous, current): the same person under another address from now on."""
    pairs = list(pairs)
    one_at_a_time()
    book = look_up(platform, [address for pair in pairs for address in pair])
    for previous, current in pairs:
        book.rename(previous, current)
    book.write(sender_id)


def look_up(platform: str, addresses: Iterable[Address]) -> Book:
    """What is known of these addresses, in one query. An empty ``platform`` looks on all of them."""
    organization_id = current_organization_id()
    if organization_id is None:
        raise ValueError("People are known to one organization.")
    addresses = list(addresses)
    identities = Identity.objects.filter(
        Q(phone_hash__in=[phone_hash(address.phone) for address in addresses if address.phone])
        | Q(user_id_hash__in=[user_hash(address.user_id) for address in addresses if address.user_id])
    ).select_related("contact")
    book = Book(organization_id, platform)
    for identity in identities.filter(platform=platform) if platform else identities:
        book.learn(identity)
    return book


def one_at_a_time() -> None:
    """Who adds or changes addresses of this organization waits for the others who do, until their commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"identities:{current_organization_id()}"]
        )


@dataclass
class Book:
    organization_id: int
    platform: str
    by_phone: dict[bytes, Identity] = field(default_factory=dict)
    by_user: dict[bytes, Identity] = field(default_factory=dict)
    _new: dict[int, Identity] = field(default_factory=dict)  # by id(): without a key yet they have no hash
    _learnt: list[Identity] = field(default_factory=list)  # stored ones that only gained a part
    _steps: list[Callable[[int], None]] = field(default_factory=list)  # the rarer changes, in their order

    def find(self, address: Address) -> Identity | None:
        by_phone, by_user = self._parts(address)
        return by_phone or by_user

    def settled(self, address: Address) -> bool:
        """Every part of the address is known, as one person's."""
        by_phone, by_user = self._parts(address)
        if address.phone and address.user_id:
            return by_phone is not None and by_phone is by_user
        return (by_phone or by_user) is not None

    def place(self, address: Address) -> None:
        """The person of this address is in the book afterwards, under each part of it."""
        if self.settled(address):
            return
        by_phone, by_user = self._parts(address)
        if by_phone is not None and by_user is not None:
            self._reconcile(by_phone, by_user, address)
        elif (known := by_phone or by_user) is not None:
            self._move(known, address)
        else:
            identity = Identity(
                organization_id=self.organization_id,
                platform=self.platform,
                contact=Contact(organization_id=self.organization_id),
            )
            self._new[id(identity)] = identity
            self._move(identity, address)

    def rename(self, previous: Address, current: Address) -> None:
        """Nobody known under the previous address: nothing to do."""
        person = self.find(previous)
        if person is None:
            return
        for other in self._parts(current):
            if other is not None and other is not person:
                person = self._merge(person, other)
        self._move(person, current)

    def _parts(self, address: Address) -> tuple[Identity | None, Identity | None]:
        return (
            self.by_phone.get(phone_hash(address.phone)) if address.phone else None,
            self.by_user.get(user_hash(address.user_id)) if address.user_id else None,
        )

    def _reconcile(self, by_phone: Identity, by_user: Identity, address: Address) -> None:
        """The number of one and the user id of another are one address now.

        A user id that is known with another number belongs to a person who took this number over: whoever had it
        before goes on under their own user id, if they have one. Otherwise nothing tells the two apart: they are one.
        """
        if by_user.phone_hash is None:
            self._move(self._merge(by_phone, by_user), address)
        elif by_phone.user_id_hash is None:
            self._move(self._merge(by_user, by_phone), address)
        else:
            self._move(by_phone, Address(user_id=by_phone.address.user_id))
            self._move(by_user, address)

    def _move(self, identity: Identity, address: Address) -> None:
        before, former = (identity.phone_hash, identity.user_id_hash), identity.address
        self._forget(identity)
        identity.move_to(address)
        self.learn(identity)
        if id(identity) in self._new:
            return
        after = (identity.phone_hash, identity.user_id_hash)
        gained_only = all(
            old is None or (new is not None and bytes(old) == bytes(new))
            for old, new in zip(before, after, strict=True)
        )
        if gained_only and not self._steps:
            self._learnt.append(identity)
            return
        values: dict[str, Any] = {name: getattr(identity, name) for name in _ADDRESS}
        self._steps.append(lambda _sender_id: _set(identity, values, None if gained_only else former))

    def _merge(self, kept: Identity, gone: Identity) -> Identity:
        """Returns who is left: somebody stored rather than somebody just met."""
        if id(kept) in self._new:
            kept, gone = gone, kept
        self._forget(gone)
        if id(gone) in self._new:
            del self._new[id(gone)]
        else:
            self._steps.append(lambda sender_id: absorb(kept, gone, sender_id))
        return kept

    def _forget(self, identity: Identity) -> None:
        """It stands under the parts of the address that it has now, and under no others."""
        for book, hashed in (
            (self.by_phone, identity.phone_hash),
            (self.by_user, identity.user_id_hash),
        ):
            if hashed is not None and book.get(bytes(hashed)) is identity:
                del book[bytes(hashed)]

    def learn(self, identity: Identity) -> None:
        if identity.phone_hash is not None:
            self.by_phone[bytes(identity.phone_hash)] = identity
        if identity.user_id_hash is not None:
            self.by_user[bytes(identity.user_id_hash)] = identity

    def write(self, sender_id: int) -> None:
        if self._learnt:
            bulk.update(self._learnt, _ADDRESS)
        for step in self._steps:
            step(sender_id)
        if self._new:
            new = list(self._new.values())
            contacts = bulk.insert([identity.contact for identity in new])
            for identity, contact in zip(new, contacts, strict=True):
                identity.contact = contact  # once more: now it has its id
            bulk.insert(new)


def _set(identity: Identity, values: dict[str, Any], former: Address | None) -> None:
    Identity.objects.filter(pk=identity.pk).update(**values)
    if former is not None:
        contact_id = Identity.objects.values_list("contact", flat=True).get(pk=identity.pk)
        remember_former(contact_id, identity.organization_id, former)
