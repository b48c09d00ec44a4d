# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Resolves addresses to identities, in bulk.

A platform names a person by phone, by user id, or by both; it may show the number only later, and both may change.
:class:`Book` holds the identities that a batch is about and keeps them in memory; :meth:`Book.write` stores what
changed: a handful of queries whatever the size of the batch, unless people turn out to be one or swap addresses.

A user id is one person's for ever, and a new number comes with a new one; a number may be given to somebody else. So the
user id decides wherever it is told: a known number with another user id is another person, unless a change of address says
that the two are one. User ids that somebody had before go on naming them (``FormerAddress``), in whatever order it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from arengo.audience.address_steps import ADDRESS, Joining, Parking, Setting, Step, in_rings, remember
from arengo.audience.models import Contact, FormerAddress, Identity, phone_hash, user_hash
from arengo.core import bulk
from arengo.core.scope import current_organization_id
from arengo.platforms.contract import Address


def resolve(
    platform: str,
    sender_id: int,
    addresses: Iterable[Address],
    describe: Callable[[int, Identity], None] | None = None,
    *,
    expect_new: bool = False,
) -> list[Identity]:
    """The identity of each address, in the order of arrival; unknown ones are created. Several readers may do so at once.

    ``describe(place, person)`` may set name, username and ``last_wrote_at`` of who is created for the address at that place.
    ``expect_new``: most are not known, so the others who add people are waited for before the first look.

    Locks nothing where all is known. Else it holds the organization's addresses (:func:`one_at_a_time`), reads again, and
    writes: contacts, identities, then what was merged or remembered. Announces ``IdentitiesMerged`` of each merger.
    """
    wanted = list(addresses)
    if not expect_new:
        book = look_up(platform, wanted)
        if all(book.settled(address) for address in wanted):
            return [person for address in wanted if (person := book.find(address))]
    one_at_a_time()
    book = look_up(platform, wanted)
    placed = [book.place(address) for address in wanted]
    if describe is not None:
        for place, person in enumerate(placed):
            if book.is_new(person):
                describe(place, person)
    book.write(sender_id)
    return book.people(placed)


def rename(platform: str, sender_id: int, pairs: Iterable[tuple[Address, Address]]) -> None:
    """(previous, current), in the order of arrival: the same person under another address from now on.

    Told in reverse (B to C, and then A to B), it comes to the same. Holds the organization's addresses and writes as
    :func:`resolve`.
    """
    left = list(pairs)
    one_at_a_time()
    book = look_up(platform, [address for pair in left for address in pair])
    book.expect_swaps(left)
    while left:
        unknown = [pair for pair in left if not book.rename(*pair)]
        if len(unknown) == len(left):
            break
        left = unknown
    for previous, current in left:
        book.remember(previous, current)
    book.write(sender_id)


def look_up(platform: str, addresses: Iterable[Address]) -> Book:
    """What is known of these addresses, in one query, or three where user ids are unknown."""
    organization_id = current_organization_id()
    if organization_id is None:
        raise ValueError("People are known to one organization.")
    addresses = list(addresses)
    phones = {phone_hash(platform, address.phone) for address in addresses if address.phone}
    users = {user_hash(platform, address.user_id) for address in addresses if address.user_id}
    found = Identity.objects.filter(
        Q(phone_hash__among=phones) | Q(user_id_hash__among=users), platform=platform
    )
    book = Book(organization_id, platform)
    for identity in found.select_related("contact"):
        book.learn(identity)
    unknown = users - book.by_user.keys()
    if not unknown:
        return book
    had = FormerAddress.objects.filter(user_id_hash__among=unknown).order_by("pk")
    contacts = {bytes(hashed): contact for hashed, contact in had.values_list("user_id_hash", "contact_id")}
    if contacts:
        theirs = Identity.objects.filter(platform=platform, contact__among=set(contacts.values()))
        by_contact: dict[int, Identity] = {}
        for identity in theirs.select_related("contact").order_by("-pk"):
            by_contact[identity.contact_id] = book.known(identity)
        for hashed, contact_id in contacts.items():
            if contact_id in by_contact:
                book.former[hashed] = by_contact[contact_id]
    return book


def one_at_a_time() -> None:
    """Transactions that add or change addresses of one organization wait for each other, until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"identities:{current_organization_id()}"]
        )


@dataclass
class Book:
    """The identities of a batch by each part of their addresses, as they will be; :meth:`write` stores what changed."""

    organization_id: int
    platform: str
    by_phone: dict[bytes, Identity] = field(default_factory=dict)
    by_user: dict[bytes, Identity] = field(default_factory=dict)
    former: dict[bytes, Identity] = field(default_factory=dict)  # by user ids that they had before
    _new: dict[int, Identity] = field(default_factory=dict)  # by id(): they have no key yet
    _learnt: dict[int, Identity] = field(default_factory=dict)  # stored ones that only gained a part
    _steps: list[Step] = field(default_factory=list)  # the rarer changes, in their order
    _former: list[tuple[Identity, Address]] = field(default_factory=list)  # once the new ones are stored
    # By id() of who was merged: who, into whom.
    _became: dict[int, tuple[Identity, Identity]] = field(default_factory=dict)
    _swapping: set[bytes] = field(default_factory=set)  # numbers and user ids whose owners change places
    _displaced: dict[bytes, Identity] = field(default_factory=dict)  # who had them until a moment ago

    # --- asking ---------------------------------------------------------------------------------------------------

    def find(self, address: Address) -> Identity | None:
        by_phone, by_user = self._parts(address)
        if not address.user_id:
            return by_phone
        hashed = self._user(address.user_id)
        known = by_user or self.former.get(hashed)
        if known is not None or by_phone is None:
            return known
        # The same number with another user id is another person, who is not known yet.
        own = by_phone.user_id_hash
        return by_phone if own is None or bytes(own) == hashed else None

    def who_had(self, previous: Address) -> Identity | None:
        """The person meant by an address that they left: in this same telling, before it, or long ago."""
        if previous.user_id:
            hashed = self._user(previous.user_id)
            known = self._displaced.get(hashed) or self.by_user.get(hashed) or self.former.get(hashed)
            if known is not None:
                return known
        if not previous.phone:
            return None
        hashed = self._phone(previous.phone)
        person = self._displaced.get(hashed) or self.by_phone.get(hashed)
        # A number whose owner has another user id was given to somebody else since.
        other = person is not None and previous.user_id and person.user_id_hash
        return None if other else person

    def settled(self, address: Address) -> bool:
        """Every part of the address is known, as one person's."""
        by_phone, by_user = self._parts(address)
        both = address.phone and address.user_id
        return (by_phone or by_user) is not None and (not both or by_phone is by_user)

    def is_new(self, identity: Identity) -> bool:
        """Created with :meth:`write`."""
        return id(identity) in self._new

    def people(self, placed: Sequence[Identity]) -> list[Identity]:
        """The identities after :meth:`write`: of two that were merged, the one that stays."""
        left = [self._left(identity) for identity in placed]
        if not self._steps:
            return left
        # Merging moved contacts too, behind the objects in hand.
        stored = Identity.objects.select_related("contact").in_bulk({identity.pk for identity in left})
        return [stored[identity.pk] for identity in left]

    # --- changing -------------------------------------------------------------------------------------------------

    def place(self, address: Address) -> Identity:
        """The person who has this address now, in the book under each part of it."""
        by_phone, by_user = self._parts(address)
        if by_user is None and address.user_id:
            before = self.former.get(self._user(address.user_id))
            if before is not None:
                return before  # what they sent before they changed, and what comes late
        if by_phone is not None and by_phone is not by_user and address.user_id and by_phone.user_id_hash:
            self._give_up_number(by_phone)  # somebody else has it now: their user id says so
            by_phone = None
        known: Identity | None
        if by_phone is not None and by_user is not None and by_phone is not by_user:
            numbered = by_user.phone_hash is not None
            known = self._merge(by_user, by_phone) if numbered else self._merge(by_phone, by_user)
        else:
            known = by_user or by_phone
        if known is None:
            known = bulk.new(Identity, organization_id=self.organization_id, platform=self.platform)
            known.contact = bulk.new(Contact, organization_id=self.organization_id)
            self._new[id(known)] = known
        if not self.settled(address):
            self._move(known, address)
        return known

    def rename(self, previous: Address, current: Address) -> bool:
        """False when nobody is known under the previous address."""
        person = self.who_had(previous)
        if person is None:
            return False
        by_user = self.by_user.get(self._user(current.user_id)) if current.user_id else None
        if current.user_id and by_user is None:
            later = self.former.get(self._user(current.user_id))
            if later is not None and not (later is person and self._has(person, previous)):
                if later is not person:  # what is told is what they left meanwhile: they stay where they are
                    stays = later.address
                    self._move(self._merge(later, person), stays)
                return True
        if by_user is person:  # told again, or after they wrote: at most the number is new
            if (
                person.phone_hash is None
                and current.phone
                and self._phone(current.phone) not in self.by_phone
            ):
                self._move(person, current)
            return True
        if by_user is not None:
            if bytes(by_user.user_id_hash or b"") in self._swapping:
                self._displace(by_user)
            else:
                person = self._merge(person, by_user)
        by_phone = self.by_phone.get(self._phone(current.phone)) if current.phone else None
        if by_phone is not None and by_phone is not person:
            # Else it is the same person, who wrote from the new number before the change was told.
            has_other_id = current.user_id and by_phone.user_id_hash
            if has_other_id or bytes(by_phone.phone_hash or b"") in self._swapping:
                self._give_up_number(by_phone)
            else:
                person = self._merge(person, by_phone)
        self._move(person, current)
        return True

    def remember(self, previous: Address, current: Address) -> None:
        """Nobody was known under the previous user id: from now on it names the person who has the current one."""
        person = self.by_user.get(self._user(current.user_id)) if current.user_id else None
        if person is not None and previous.user_id:
            self._former.append((person, Address(user_id=previous.user_id)))

    def expect_swaps(self, pairs: Sequence[tuple[Address, Address]]) -> None:
        """Numbers or ids that go round in a ring within one telling: who has one of them is not the one who gets it."""
        phones = [(previous.phone, current.phone) for previous, current in pairs]
        users = [(previous.user_id, current.user_id) for previous, current in pairs]
        self._swapping |= {self._phone(phone) for phone in in_rings(phones)}
        self._swapping |= {self._user(user_id) for user_id in in_rings(users)}

    # --- one step each --------------------------------------------------------------------------------------------

    def _phone(self, phone: str) -> bytes:
        return phone_hash(self.platform, phone)

    def _user(self, user_id: str) -> bytes:
        return user_hash(self.platform, user_id)

    def _parts(self, address: Address) -> tuple[Identity | None, Identity | None]:
        return (
            self.by_phone.get(self._phone(address.phone)) if address.phone else None,
            self.by_user.get(self._user(address.user_id)) if address.user_id else None,
        )

    def _has(self, person: Identity, address: Address) -> bool:
        """Now, and not before."""
        if address.user_id:
            return bytes(person.user_id_hash or b"") == self._user(address.user_id)
        return bool(address.phone) and bytes(person.phone_hash or b"") == self._phone(address.phone or "")

    def _give_up_number(self, identity: Identity) -> None:
        """Somebody else has it now."""
        if identity.user_id_hash is None:
            self._displace(identity)
        else:
            self._move(identity, Address(user_id=identity.address.user_id))

    def _displace(self, identity: Identity) -> None:
        """Without an address until this same telling gives them another one (``expect_swaps``)."""
        for hashed in (identity.phone_hash, identity.user_id_hash):
            if hashed is not None:
                self._displaced[bytes(hashed)] = identity
        self._forget(identity)
        if id(identity) not in self._new:
            self._snapshot_learnt()
            self._steps.append(Parking(identity))

    def _move(self, identity: Identity, address: Address) -> None:
        before, former = (identity.phone_hash, identity.user_id_hash), identity.address
        new = id(identity) in self._new
        gained_only = (former.phone or address.phone, former.user_id or address.user_id) == (
            address.phone,
            address.user_id,
        )
        if not new and not gained_only:
            self._snapshot_learnt()
        self._forget(identity)
        if self._displaced:
            self._displaced = {part: one for part, one in self._displaced.items() if one is not identity}
        identity.move_to(address)
        self.learn(identity)
        left = bytes(before[1] or b"")
        if left and identity.user_id_hash != left and left not in self._swapping:
            self.former[left] = identity
        if new:
            if not gained_only:
                self._former.append((identity, former))
        elif gained_only and not self._steps:
            self._learnt[id(identity)] = identity
        else:
            self._steps.append(Setting.of(identity, None if gained_only else former))

    def _snapshot_learnt(self) -> None:
        """What was learnt so far is written as it is now, before the steps that follow."""
        self._steps += [Setting.of(identity, None) for identity in self._learnt.values()]
        self._learnt.clear()

    def _merge(self, kept: Identity, gone: Identity) -> Identity:
        """Returns who is left: somebody stored rather than somebody just met."""
        if id(kept) in self._new:
            kept, gone = gone, kept
        self._forget(gone)
        self._became[id(gone)] = (gone, kept)
        for hashed, identity in list(self.former.items()):
            if identity is gone:
                self.former[hashed] = kept
        if gone.user_id_hash is not None:
            self.former.setdefault(bytes(gone.user_id_hash), kept)
        if id(gone) in self._new:
            del self._new[id(gone)]
        else:
            self._snapshot_learnt()
            self._steps.append(Joining(kept, gone))
        return kept

    def _left(self, identity: Identity) -> Identity:
        while id(identity) in self._became:
            _gone, identity = self._became[id(identity)]
        return identity

    def _forget(self, identity: Identity) -> None:
        for book, hashed in ((self.by_phone, identity.phone_hash), (self.by_user, identity.user_id_hash)):
            if hashed is not None and book.get(bytes(hashed)) is identity:
                del book[bytes(hashed)]

    def learn(self, identity: Identity) -> None:
        if identity.phone_hash is not None:
            self.by_phone[bytes(identity.phone_hash)] = identity
        if identity.user_id_hash is not None:
            self.by_user[bytes(identity.user_id_hash)] = identity

    def known(self, identity: Identity) -> Identity:
        """The object that stands for the same person in this book; afterwards there is one."""
        for book, hashed in ((self.by_phone, identity.phone_hash), (self.by_user, identity.user_id_hash)):
            same = book.get(bytes(hashed)) if hashed is not None else None
            if same is not None and same.pk == identity.pk:
                return same
        self.learn(identity)
        return identity

    # --- storing --------------------------------------------------------------------------------------------------

    def write(self, sender_id: int) -> None:
        """What only gained a part in one statement, then the steps, the new ones, and what they had before."""
        if self._learnt:
            bulk.update(self._learnt.values(), ADDRESS)
        for step in self._steps:
            step.apply(sender_id)
        if self._new:
            new = list(self._new.values())
            bulk.insert([identity.contact for identity in new])
            for identity in new:
                identity.__dict__["contact_id"] = identity.contact.pk  # it has one by now
                identity.fresh = True
            bulk.insert(new)
        for identity, former in self._former:
            remember(self._left(identity), former)
