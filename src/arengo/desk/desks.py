# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which desk a conversation belongs to, and which desks and conversations a person of the staff sees."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from arengo.core.models import Membership, Role
from arengo.desk.models import Conversation, Desk

_FIRST_NAME = "Sportello"
_FIRST_SLUG = "sportello"


def desk_for(organization_id: int, sender_id: int) -> int:
    """The id of the desk that a new conversation on this number goes to: the first active one of the number, else the first of all.

    An organization without any desk gets one here. To be called inside the organization's scope; locks nothing.
    """
    found = (
        Desk.objects.filter(Q(senders=None) | Q(senders=sender_id), active=True)
        .values_list("pk", flat=True)
        .first()
    )
    return found or first_desk(organization_id)


def first_desk(organization_id: int) -> int:
    """The id of the first desk, active ones first. An organization without any gets one here."""
    found = Desk.objects.order_by("-active", "order", "id").values_list("pk", flat=True).first()
    if found is not None:
        return int(found)
    made, _new = Desk.objects.get_or_create(
        slug=_FIRST_SLUG, organization_id=organization_id, defaults={"name": _FIRST_NAME}
    )
    return int(made.pk)


def desks_of(membership: Membership | None) -> QuerySet[Desk]:
    """The desks whose conversations this person may see: administrators and auditors all, operators those of everyone and their own."""
    if membership is None:
        return Desk.objects.none()
    if membership.has(Role.AUDITOR):
        return Desk.objects.all()
    if not membership.has(Role.OPERATOR):
        return Desk.objects.none()
    return Desk.objects.filter(Q(everyone=True) | Q(pk__in=membership.desks.values("pk")))


def desks_of_each(memberships: Collection[Membership]) -> dict[int, tuple[int, ...]]:
    """What :func:`desks_of` says of each of these, by the membership's id: the ids of the desks in their order. Two queries."""
    links = Desk.members.through.objects.filter(membership__in=[one.pk for one in memberships])
    own = set(links.values_list("membership_id", "desk_id"))
    desks = list(Desk.objects.values_list("pk", "everyone"))
    return {
        one.pk: tuple(pk for pk, everyone in desks if sees(one, everyone=everyone, own=(one.pk, pk) in own))
        for one in memberships
    }


def sees(membership: Membership, *, everyone: bool, own: bool) -> bool:
    """What :func:`desks_of` says of one desk that is here already. ``own``: the member is among its ``members``."""
    return membership.has(Role.AUDITOR) or (membership.has(Role.OPERATOR) and (everyone or own))


def seen_by(membership: Membership | None) -> QuerySet[Conversation]:
    """The conversations of the desks that this person sees; of who is no member, none.

    For single ones, found by their key. The lists, which are long, ask desk by desk (``lists/queries.py``).
    """
    return Conversation.objects.filter(desk__in=desks_of(membership))


def who_sees(desks: Collection[int] | QuerySet[Any]) -> Q:
    """For a query of memberships: those who see one of these desks (their ids).

    Of people who may work there at all (``handling.colleagues``).
    """
    return Q(roles__overlap=[Role.ADMINISTRATOR, Role.AUDITOR]) | Q(
        Exists(Desk.objects.filter(Q(everyone=True) | Q(members=OuterRef("pk")), pk__in=desks))
    )
