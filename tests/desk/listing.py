# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of the desk as somebody of the staff sees them."""

from __future__ import annotations

from dataclasses import replace

from arengo.core.models import Membership, Person
from arengo.desk.desks import desks_of
from arengo.desk.lists import queries
from arengo.desk.lists.listing import Asked, Listing, listings
from arengo.desk.lists.queries import Counts, Start
from arengo.desk.lists.waiting import clock, promise
from arengo.desk.models import Conversation
from arengo.desk.models.conversations import WAITS


def member_of(person: Person) -> Membership:
    found: Membership = Membership.objects.get(person=person)
    return found


def waiting_count(person: Person) -> int:
    return queries.waiting_count(member_of(person))


def page(asked: Asked, person: Person, *, after: Start | None = None, pages: int = 1) -> queries.Page:
    desks = [desk.pk for desk in desks_of(member_of(person))]
    return queries.page(asked, person, desks, clock(desks, promise()), after=after, pages=pages)


def shown(which: Listing, person: Person, **asked: object) -> list[Conversation]:
    """The first page, in the list's usual order unless another is said."""
    wanted = replace(Asked().on(which), **asked)  # type: ignore[arg-type]  # fields by name
    return [place.conversation for place in page(wanted, person).places]


def counted(person: Person, asked: Asked | None = None) -> Counts:
    desks = [desk.pk for desk in desks_of(member_of(person))]
    tabs = [one for one in listings() if one.is_tab]
    return queries.counts(asked or Asked(), person, desks, clock(desks, promise()), tabs)


def waiting() -> int:
    """How many wait, at whatever desk."""
    return Conversation.objects.filter(WAITS, state=Conversation.State.OPEN).count()
