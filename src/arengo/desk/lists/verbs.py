# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is decided about desks and lists, and what is done to several conversations at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Membership, Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import handling
from arengo.desk.lists.models import MOST_VIEWS, Promise, SavedView
from arengo.desk.models import Conversation, Desk

MOST_DESKS = 30  # of one organization; a list asks each by itself


class Refused(ValueError):
    """Why not, in the user's language."""


@dataclass(frozen=True)
class DeskFacts:
    """What is decided about one desk. ``senders`` empty: every number. ``members`` count where it is not ``everyone``'s."""

    name: str
    order: int
    active: bool
    everyone: bool
    members: Collection[Membership]
    senders: Collection[Sender]


def make_desk(organization: Organization, facts: DeskFacts, *, by: Person) -> Desk:
    """Locks the organization. Refused: it has as many as it may, or one of this name. Recorded, announced."""
    with transaction.atomic():
        _others_wait(organization)
        if Desk.objects.count() >= MOST_DESKS:
            raise Refused(_("Al massimo %(count)d sportelli.") % {"count": MOST_DESKS})
        _check(facts, None)
        desk: Desk = Desk.objects.create(
            organization_id=organization.pk,
            name=facts.name,
            slug=_free_slug(facts.name),
            order=facts.order,
            active=facts.active,
            everyone=facts.everyone,
        )
        desk.members.set([] if facts.everyone else facts.members)
        desk.senders.set(facts.senders)
        audit.record("desk.made_desk", organization=organization, by=by, on=desk, detail={"desk": desk.name})
        announce(organization.pk, "inbox")
    return desk


def change_desk(organization: Organization, desk: Desk, facts: DeskFacts, *, by: Person) -> None:
    """Locks the organization. Refused: the last one in service stays so, and two have not the same name. Recorded, announced."""
    with transaction.atomic():
        _others_wait(organization)
        _check(facts, desk)
        desk.name, desk.order = facts.name, facts.order
        desk.active, desk.everyone = facts.active, facts.everyone
        desk.save(update_fields=["name", "order", "active", "everyone"])
        desk.members.set([] if facts.everyone else facts.members)
        desk.senders.set(facts.senders)
        audit.record(
            "desk.changed_desk", organization=organization, by=by, on=desk, detail={"desk": desk.name}
        )
        announce(organization.pk, "inbox")


def _others_wait(organization: Organization) -> None:
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def _check(facts: DeskFacts, desk: Desk | None) -> None:
    others = Desk.objects.exclude(pk=desk.pk) if desk else Desk.objects.all()
    if others.filter(name__iexact=facts.name).exists():
        raise Refused(_("C’è già uno sportello con questo nome."))
    if not facts.active and not others.filter(active=True).exists():
        raise Refused(_("Almeno uno sportello resta in servizio: è quello che riceve chi scrive."))
    if not facts.everyone and not facts.members:
        raise Refused(_("Scegli chi lo vede, oppure «Lo vedono tutti gli operatori»."))


def _free_slug(name: str) -> str:
    """What its public address is called; it stays when the name changes."""
    wanted = slugify(name)[:50] or "sportello"
    taken = set(Desk.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(
        slug
        for slug in [wanted, *(f"{wanted}-{number}" for number in range(2, MOST_DESKS + 3))]
        if slug not in taken
    )


def promise_to_answer(organization: Organization, minutes: int, *, by: Person) -> None:
    """Within so many opening minutes. Recorded, announced."""
    with transaction.atomic():
        Promise.objects.update_or_create(organization_id=organization.pk, defaults={"minutes": minutes})
        audit.record("desk.changed_promise", organization=organization, by=by, detail={"minutes": minutes})
        announce(organization.pk, "inbox")


def save_view(person: Person, organization: Organization, *, name: str, query: str) -> SavedView:
    """Refused: without a name, under a name that they have, or one too many. Locks the person."""
    name = " ".join(name.split())[: SavedView._meta.get_field("name").max_length]  # noqa: SLF001  # Django documents _meta
    if not name:
        raise Refused(_("Scrivi un nome per la vista."))
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if SavedView.objects.filter(person=person).count() >= MOST_VIEWS:
            raise Refused(_("Al massimo %(count)d viste: togline una.") % {"count": MOST_VIEWS})
        try:
            with transaction.atomic():
                view: SavedView = SavedView.objects.create(
                    organization_id=organization.pk, person=person, name=name, query=query[:300]
                )
        except IntegrityError as twice:
            raise Refused(_("Hai già una vista con questo nome.")) from twice
    return view


def close_several(conversations: Sequence[Conversation], *, by: Person) -> int:
    """Each by itself, as ``handling.close`` does: what is closed stays so whatever happens to the rest. Returns how many."""
    for conversation in conversations:
        handling.close(conversation, by=by)
    return len(conversations)
