# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Too many numbers at once would leave the list: a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from arengo.audience.unreached.models import UnreachedRule
from arengo.core.console import conditions, troubles
from arengo.core.console.conditions import Place, Sections, Snapshot
from arengo.core.console.troubles import Kind, Link, Trouble
from arengo.core.machine import Machine


@dataclass(frozen=True)
class HeldNumbers:
    """Of the scope: how many would leave by the rule, and stay because they are too many for a day."""

    count: int = 0


def read(sections: Sections) -> HeldNumbers:
    if sections.of(Machine).migrations_pending:  # the columns may not be there yet
        return HeldNumbers()
    held = UnreachedRule.objects.filter(kept_back__gt=0).aggregate(many=Sum("kept_back"))["many"]
    return HeldNumbers(held or 0)


def find(snapshot: Snapshot) -> Iterator[Trouble]:
    held = snapshot.of(HeldNumbers).count
    if held:
        words = ngettext(
            "%(count)s numero non riceve più, e resta nella lista",
            "%(count)s numeri non ricevono più, e restano nella lista",
            held,
        )
        yield Trouble(
            "numbers_held",
            words % {"count": number_format(held, use_l10n=True, force_grouping=True)},
            _(
                "Sono troppi per uscire da soli in un giorno: può essere un guasto della piattaforma. Non è uscito nessuno. "
                "Decide un amministratore in Iscritti → Numeri che non ricevono."
            ),
            link=Link(_("Guarda e decidi"), "audience:unreached"),
        )


def register() -> None:
    conditions.register(HeldNumbers, read)
    troubles.register(Place.OUT, (Kind("numbers_held"),), find)
