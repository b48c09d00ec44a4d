# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What core knows of its own condition: the ground, erasures on their way, what Arengo sends by itself.

While migrations are pending their tables may not be there yet: what is in them is then taken as nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from arengo.core import erasures, governor, machine
from arengo.core.console.conditions import Sections
from arengo.core.erasures import Left
from arengo.core.governor import Lately
from arengo.core.machine import Machine


@dataclass(frozen=True)
class Automatic:
    """By organization of the scope."""

    lately: tuple[Lately, ...] = ()


def read_machine(_sections: Sections) -> Machine:
    return machine.read(settings.DATA)


def read_left(sections: Sections) -> Left:
    return Left() if sections.of(Machine).migrations_pending else erasures.left()


def read_automatic(sections: Sections) -> Automatic:
    return Automatic() if sections.of(Machine).migrations_pending else Automatic(tuple(governor.lately()))
