# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who no longer works here and wants to be forgotten."""

from __future__ import annotations

from .words import Refused, _


def erase(email: str) -> None:
    """Refused says why not: nobody has that address, or the person still has a role.

    Several accounts may carry one address: those without a role are erased, the others stay.
    """
    from arengo.core.models import Person
    from arengo.core.staff_privacy import StillWorks, erase_person

    found = list(Person.objects.filter(email=email.lower(), erased_at=None).order_by("pk"))
    if not found:
        raise Refused(_("nessuno accede con questo indirizzo"))
    erased = 0
    for person in found:
        try:
            erase_person(person, by=None)
        except StillWorks:
            continue
        erased += 1
    if not erased:
        raise Refused(
            _("questa persona ha ancora un ruolo: prima va tolta in Impostazioni → Personale e ruoli")
        )
