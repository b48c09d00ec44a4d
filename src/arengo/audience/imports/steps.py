# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The six steps as every page of an import shows them, and where an import that was left is taken up again."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.audience.imports.models import Import
from arengo.core.screens import Screen

FILE, COLUMNS, CHECK, CONSENT, REHEARSAL, IMPORT = range(1, 7)
_VIEWS = {
    Import.State.COLUMNS: "import_columns",
    Import.State.CHECKED: "import_check",
}


@dataclass(frozen=True)
class Step:
    number: int
    name: str
    done: bool
    current: bool


@dataclass(frozen=True)
class Steps(Screen):
    """``at``: the present step. ``batch`` None: the file is still to be chosen."""

    steps: tuple[Step, ...]
    at: Step
    batch: Import | None


def steps_at(number: int, batch: Import | None) -> Steps:
    names = (_("File"), _("Colonne"), _("Controllo"), _("Prova"), _("Prova generale"), _("Importazione"))
    steps = tuple(
        Step(place, name, done=place < number, current=place == number)
        for place, name in enumerate(names, start=1)
    )
    return Steps(steps, steps[number - 1], batch)


def address_of(batch: Import) -> str:
    """The step at which it stands."""
    name = _VIEWS.get(Import.State(batch.state), "import")
    if batch.state == Import.State.CHECKED and batch.proof:
        name = "import_rehearsal"
    return reverse(f"audience:{name}", args=[batch.pk])
