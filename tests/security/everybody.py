# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address, and everybody who may ask for it."""

from __future__ import annotations

from arengo.core.models import Role
from tests.security.town import Town
from tests.security.visiting import Visitor, addresses

EVERYTHING = addresses()


def person_of(towns: tuple[Town, Town], who: str) -> Visitor:
    ours, theirs = towns
    if who == "anonymous":
        return Visitor(ours.host)
    if who == "carlo":
        return Visitor(ours.host, theirs.people[Role.ADMINISTRATOR])
    return Visitor(ours.host, ours.people[who])
