# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a number says about itself: its profile, and whether it is registered."""

from __future__ import annotations

from typing import Any

import msgspec

from arengo_sandbox.account import Account
from arengo_sandbox.errors import GraphError
from arengo_sandbox.storage import Storage

# Meta, page "Business profiles": largest lengths.
LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
WEBSITES = 2
WEBSITE_LIMIT = 256


class Profile(msgspec.Struct, kw_only=True):
    number: str
    registered: bool = True
    about: str = ""
    address: str = ""
    description: str = ""
    email: str = ""
    vertical: str = "GOVT"
    websites: list[str] = []
    profile_picture_url: str = ""

    def shown(self) -> dict[str, Any]:
        filled = {key: value for key, value in msgspec.to_builtins(self).items() if value}
        filled.pop("number")
        filled.pop("registered", None)
        return {"messaging_product": "whatsapp", **filled}


class Profiles:
    def __init__(self, storage: Storage, account: Account) -> None:
        self._storage = storage
        self._known = {number.id: Profile(number=number.id) for number in account.numbers}

    def load(self) -> None:
        for profile in self._storage.load("profile", Profile):
            if profile.number in self._known:
                self._known[profile.number] = profile

    def of(self, number: str) -> Profile:
        return self._known[number]

    def update(self, number: str, wanted: dict[str, Any]) -> None:
        profile = self._known[number]
        for name, limit in LIMITS.items():
            if name in wanted:
                if not isinstance(wanted[name], str) or len(wanted[name]) > limit:
                    raise GraphError(100, f"Param {name} must be a string of at most {limit} characters.")
                setattr(profile, name, wanted[name])
        websites = wanted.get("websites")
        if websites is not None:
            if not isinstance(websites, list) or len(websites) > WEBSITES:
                raise GraphError(100, f"Param websites must be an array of at most {WEBSITES} addresses.")
            if any(not isinstance(site, str) or len(site) > WEBSITE_LIMIT for site in websites):
                raise GraphError(100, f"Param websites: each address has at most {WEBSITE_LIMIT} characters.")
            profile.websites = websites
        if "vertical" in wanted:
            profile.vertical = str(wanted["vertical"])
        self._storage.put("profile", number, profile)

    def register(self, number: str, *, registered: bool) -> None:
        self._known[number].registered = registered
        self._storage.put("profile", number, self._known[number])
