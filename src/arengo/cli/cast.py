# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The staff of the sample Comune. Their names say that they are samples."""

from __future__ import annotations

from dataclasses import dataclass

from .words import _


@dataclass(frozen=True, slots=True)
class Staff:
    email: str
    name: str
    title: str
    roles: tuple[str, ...]


STAFF = (
    Staff(
        "operatrice@esempio.invalid", "Olga Esempio", _("operatrice: risponde ai cittadini"), ("operator",)
    ),
    Staff("redattore@esempio.invalid", "Edo Esempio", _("redattore: scrive gli aggiornamenti"), ("editor",)),
    Staff(
        "amministratrice@esempio.invalid", "Ada Esempio", _("amministratrice: può tutto"), ("administrator",)
    ),
    Staff(
        "vigile@esempio.invalid",
        "Vito Esempio",
        _("operatore: risponde anche per la Polizia locale"),
        ("operator",),
    ),
)
