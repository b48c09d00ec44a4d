# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Single changes of stored identities' addresses, for :class:`identities.Book`, which says in which order they go."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from arengo.audience.merging import absorb, remember_former
from arengo.audience.models import Identity, user_hash
from arengo.core.vault import vault
from arengo.platforms.contract import Address

ADDRESS = ("phone_sealed", "phone_hash", "user_id_sealed", "user_id_hash")


def in_rings(pairs: Iterable[tuple[str | None, str | None]]) -> set[str]:
    """What leads back to itself: (A, B) and (B, A)."""
    towards = {before: after for before, after in pairs if before and after and before != after}
    found = set()
    for start in towards:
        part, seen = towards[start], {start}
        while part in towards and part not in seen:
            seen.add(part)
            part = towards[part]
        if part == start:
            found.add(start)
    return found


@dataclass(frozen=True)
class Setting:
    """Stores the address that the identity had when the step was made, and remembers the one before it."""

    identity: Identity
    values: Mapping[str, Any]
    former: Address | None

    @classmethod
    def of(cls, identity: Identity, former: Address | None) -> Setting:
        return cls(identity, {name: getattr(identity, name) for name in ADDRESS}, former)

    def apply(self, _sender_id: int) -> None:
        Identity.objects.filter(pk=self.identity.pk).update(**self.values)
        if self.former is not None:
            remember(self.identity, self.former)


@dataclass(frozen=True)
class Parking:
    """Without an address, until the next step gives it one: the database asks for a part of it at every moment."""

    identity: Identity

    def apply(self, _sender_id: int) -> None:
        nobody = secrets.token_hex(16)
        Identity.objects.filter(pk=self.identity.pk).update(
            phone_sealed=None,
            phone_hash=None,
            user_id_sealed=vault().seal_text(nobody, purpose="user_id"),
            user_id_hash=user_hash(self.identity.platform, nobody),
        )


@dataclass(frozen=True)
class Joining:
    """The two are one person from here on."""

    kept: Identity
    gone: Identity

    def apply(self, sender_id: int) -> None:
        absorb(self.kept, self.gone, sender_id)


Step = Setting | Parking | Joining


def remember(identity: Identity, former: Address) -> None:
    """The address is one that the identity's person had. Merging moves contacts behind the object in hand: it is asked for."""
    contact_id = Identity.objects.values_list("contact", flat=True).get(pk=identity.pk)
    remember_former(contact_id, identity.organization_id, identity.platform, former)
