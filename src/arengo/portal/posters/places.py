# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places are added, renamed, put out of use; which codes are known."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from arengo.audience.ways import LONGEST_CODE
from arengo.core import audit
from arengo.core.folding import fold
from arengo.core.models import Organization, Person
from arengo.portal.posters.models import Place

MOST = 300  # places of an organization
_UNNAMED = "luogo"


class PlaceRefused(Exception):
    """Why it cannot be done, in the user's language."""


def known(codes: Collection[str]) -> Collection[str]:
    """Those of these codes that are the scope's organization's, also out of use: a poster hangs longer than one thinks. One query."""
    return set(Place.objects.filter(code__in=codes).values_list("code", flat=True))


def add(organization: Organization, name: str, *, by: Person) -> Place:
    """PlaceRefused: the name is taken, or there are too many. Locks the organization: two do not take one code."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        _refuse_twin(name)
        codes = set(Place.objects.values_list("code", flat=True))
        if len(codes) >= MOST:
            raise PlaceRefused(_("I luoghi sono già %(most)d: riusane uno.") % {"most": MOST})
        made: Place = Place.objects.create(
            organization=organization, name=name, code=_free(_code(name), codes)
        )
        audit.record("portal.added_place", organization=organization, by=by, on=made)
    return made


def rename(place: Place, name: str, *, by: Person) -> None:
    """The code stays. PlaceRefused where another has this name."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=place.organization_id)
        _refuse_twin(name, but=place.pk)
        Place.objects.filter(pk=place.pk).update(name=name)
        audit.record("portal.changed_place", organization=place.organization_id, by=by, on=place)


def use(place: Place, *, on: bool, by: Person) -> None:
    """Out of use it is offered no more; who still scans its code joins all the same, and is counted."""
    with transaction.atomic():
        if Place.objects.filter(pk=place.pk).exclude(active=on).update(active=on):
            audit.record("portal.changed_place", organization=place.organization_id, by=by, on=place)


def _refuse_twin(name: str, *, but: int = 0) -> None:
    if Place.objects.filter(name__iexact=name).exclude(pk=but).exists():
        raise PlaceRefused(_("C’è già un luogo con questo nome."))


def _code(name: str) -> str:
    """«Biblioteca di Sant’Anna» → biblioteca-di-sant."""
    words = re.findall("[a-z0-9]+", fold(name))
    code = ""
    for word in words:
        longer = f"{code}-{word}" if code else word
        if len(longer) > LONGEST_CODE:
            break
        code = longer
    return code or (words[0][:LONGEST_CODE] if words else _UNNAMED)


def _free(code: str, taken: Collection[str]) -> str:
    number, found = 1, code
    while found in taken:
        number += 1
        end = f"-{number}"
        found = code[: LONGEST_CODE - len(end)] + end
    return found
