# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The automatic messages that exist: a closed list. Each room registers its own, from its AppConfig.

What no room registered cannot be sent by itself (``core/governor.py`` refuses it), and what is registered is sent only
where the organization switched it on (Impostazioni → Risposte automatiche).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise

from arengo.core import log_entries
from arengo.core.ceilings import Ceiling
from arengo.core.models import AutomaticSwitch

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """``when``: on what occasion it is sent. ``settings``: the named address of the page where its words are written.

    ``per_person``: so many to one person within so long; what is beyond is not sent.
    """

    name: str  # «room.kind»: stays for ever, rows carry it
    title: str | Promise
    when: str | Promise
    settings: str
    per_person: tuple[Ceiling, ...]


def some_a_day(name: str, *, times: int, a_day: int, minutes: int) -> tuple[Ceiling, ...]:
    """``times`` within so many minutes, and ``a_day`` in 24 hours."""
    return (
        Ceiling(f"automatic {name}", times, timedelta(minutes=minutes)),
        Ceiling(f"automatic {name} a day", a_day, _DAY),
    )


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind
    log_entries.values("core", {kind.name: kind.title})  # switching it is written into the log


def kinds() -> list[Kind]:
    """All there are, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def kind(name: str) -> Kind:
    """LookupError for one that no room registered: nobody may send it."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"No room registered the automatic message «{name}».") from None


def switched_on() -> set[str]:
    """The kinds that the scope's organization sends."""
    return set(AutomaticSwitch.objects.filter(on=True).values_list("kind", flat=True))


def switch(names: Iterable[str], *, on: bool) -> None:
    """In the scope's organization. LookupError for a kind that is not registered."""
    for name in names:
        AutomaticSwitch.objects.update_or_create(kind=kind(name).name, defaults={"on": on})


def switch_on_new(names: Iterable[str]) -> None:
    """Those about which the scope's organization has not decided yet."""
    decided = set(AutomaticSwitch.objects.values_list("kind", flat=True))
    switch([name for name in names if name not in decided], on=True)
