# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nights that took nothing away where something was over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arengo.core.console import conditions, troubles
from arengo.core.console.conditions import Place, Sections, Snapshot
from arengo.core.console.troubles import Kind, Link, Trouble
from arengo.core.machine import Machine
from arengo.core.retention import nights


@dataclass(frozen=True)
class LateNights:
    """Of the scope: how many rules of how many organizations did not come to their end."""

    count: int = 0


def read(sections: Sections) -> LateNights:
    if sections.of(Machine).migrations_pending:  # the tables may not be there yet
        return LateNights()
    return LateNights(len(nights.late()))


def find(snapshot: Snapshot) -> Iterator[Trouble]:
    if snapshot.of(LateNights).count:
        yield Trouble(
            "retention_late",
            _("Dati scaduti che non sono stati cancellati"),
            _(
                "Il lavoro della notte non è arrivato in fondo da più di un giorno. Se il processo per invii e ricezione è in funzione, "
                "il motivo è nel registro del server; la prossima notte riprende da dov’era."
            ),
            link=Link(_("Guarda che cosa"), "audience:retention"),
        )


def register() -> None:
    conditions.register(LateNights, read)
    troubles.register(Place.GROUND, (Kind("retention_late"),), find)
