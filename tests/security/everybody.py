# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address, and everybody who may ask for it."""

from __future__ import annotations

from arengo.core.models import Role
from tests.security.town import Town
from tests.security.visiting import Visitor, addresses

EVERYTHING = addresses()


def person_of(towns: tuple[Town, Town], who: str, *, each_frame: bool = False) -> Visitor:
    ours, theirs = towns
    people = {"anonymous": None, "carlo": theirs.people[Role.ADMINISTRATOR], **ours.people}
    return Visitor(ours.host, people[who], each_frame=each_frame)
