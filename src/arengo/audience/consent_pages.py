# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of consents on screen: fifty at a time, the newest first, each page found by where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from arengo.audience import people
from arengo.audience.models import Consent
from arengo.core import outside

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One word of somebody. ``contact_id``: None of who was erased; then there is no name either."""

    consent: Consent
    contact_id: int | None
    name: str
    phone: str


@dataclass(frozen=True)
class ConsentPage:
    """``older``: what the address of the next page says; None where this is the last."""

    lines: Sequence[Line]
    older: int | None


def page_of(consents: QuerySet[Consent], before: str | None) -> ConsentPage:
    """``before``: from an address, the number of the last row of the page before this one; anything else is the first page."""
    pk = outside.whole(before) if before else None
    last = Consent.objects.filter(pk=pk).values_list("at", "pk").first() if pk else None
    if last is not None:
        at, pk = last
        consents = consents.filter(Q(at=at, pk__lt=pk) | Q(at__lt=at), at__lte=at)
    rows = list(consents.select_related("identity__contact", "by").order_by("-at", "-pk")[: PER_PAGE + 1])
    shown = rows[:PER_PAGE]
    return ConsentPage([_line(row) for row in shown], shown[-1].pk if len(rows) > PER_PAGE else None)


def _line(row: Consent) -> Line:
    person = row.identity
    if person is None:
        return Line(row, None, "", "")
    return Line(row, person.contact_id, people.display_name(person), people.masked_phone(person))
