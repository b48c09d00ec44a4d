# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Single changes of a stored identity's address, for :class:`identities.Book`, which says in which order they go."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from arengo.audience.merging import remember_former
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


def setting(identity: Identity, former: Address | None) -> Callable[[int], None]:
    """A step that stores the address that the identity has at this moment, and remembers the one that it had."""
    values: dict[str, Any] = {name: getattr(identity, name) for name in ADDRESS}

    def step(_sender_id: int) -> None:
        Identity.objects.filter(pk=identity.pk).update(**values)
        if former is not None:
            contact_id = Identity.objects.values_list("contact", flat=True).get(pk=identity.pk)
            remember_former(contact_id, identity.organization_id, identity.platform, former)

    return step


def park(identity: Identity) -> None:
    """Without an address, until the next step gives it one: the database asks for a part of it at every moment."""
    nobody = secrets.token_hex(16)
    Identity.objects.filter(pk=identity.pk).update(
        phone_sealed=None,
        phone_hash=None,
        user_id_sealed=vault().seal_text(nobody, purpose="user_id"),
        user_id_hash=user_hash(identity.platform, nobody),
    )
