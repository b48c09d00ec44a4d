# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a person is reached on a platform."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Key(NamedTuple):
    """An address, as ``vault().lookup_on`` takes it. The platform is a part of it: no two platforms share an address."""

    platform: str
    name: str


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where one person is reached on one platform. At least one of the two is set.

    ``phone`` is E.164 with its plus sign. ``user_id`` is opaque: since 2026 WhatsApp may give no phone
    number, only a business-scoped user id, and nothing may be read out of its characters.
    """

    phone: str | None = None
    user_id: str | None = None

    def key(self, platform: str) -> Key:
        """What names this address in a keyed hash, ``vault().lookup_on(*address.key(platform))``; the phone wins because it
        came first. The same number on another platform is another address."""
        return Key(platform, f"phone:{self.phone}" if self.phone else f"user:{self.user_id}")

    @property
    def forms(self) -> tuple[Address, ...]:
        """Each under which this person may have been written to: by the number, and by the user id."""
        if self.phone and self.user_id:
            return Address(phone=self.phone), Address(user_id=self.user_id)
        return (self,) if self.phone or self.user_id else ()
