# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of a person with two linked addresses, one subscription stands for both (``Subscription.replaced_by``, ``linking``)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from arengo.audience.models import Identity, Subscription
from arengo.audience.sql import statement
from arengo.core import bulk

LISTED = "replaced_by__subscription"  # beside a subscription, for ``is_listed``


def lock(ids: Sequence[int]) -> tuple[list[int], list[Subscription]]:
    """Locks these identities and those whose subscription stands for theirs, by id, until the transaction ends; with what they have.

    Two who were linked while this waited may be locked out of order; of two transactions that wait in a circle one is done again.
    """
    wanted = set(ids)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement("lock_people"), {"ids": bulk.array("bigint", sorted(wanted))})
            held = [int(pk) for (pk,) in cursor.fetchall()]
        subscriptions = list(Subscription.objects.filter(identity__among=held))
        missing = {one.replaced_by_id for one in subscriptions if one.replaced_by_id is not None} - set(held)
        if not missing:
            return held, subscriptions
        wanted = {*held, *missing}


def subscription_of(identity: Identity) -> Subscription | None:
    """The one that says what this person receives, their own or the one that stands for it; active or not."""
    own = _with_choices().filter(identity=identity).first()
    if own is None or own.replaced_by_id is None:
        return own
    return _with_choices().filter(identity=own.replaced_by_id).first()


def is_listed(own: Subscription | None) -> bool:
    """Whether this person is on the list, with this subscription or the one that stands for it. For lists, select ``LISTED``."""
    if own is None or own.replaced_by is None:
        return own is not None and own.active
    there: Subscription | None = getattr(own.replaced_by, "subscription", None)
    return there is not None and there.active


def beside(contact_id: int) -> list[int]:
    """The cards whose chats are linked to one of this card's."""
    ids = list(Identity.objects.filter(contact=contact_id).values_list("pk", flat=True))
    linked = Subscription.objects.filter(
        Q(identity__in=ids) | Q(replaced_by__in=ids), replaced_by__isnull=False
    )
    found = {pk for pair in linked.values_list("identity__contact", "replaced_by__contact") for pk in pair}
    return sorted(found - {contact_id})


def said_elsewhere(identity: Identity) -> str:
    """What the proof says of a word that was said at ``identity`` and counts at the other address."""
    with translation.override(identity.organization.language):
        return _("Detto nella chat collegata su %(platform)s: le parole sono nella prova di quella chat.") % {
            "platform": identity.words.name
        }


def _with_choices() -> QuerySet[Subscription]:
    return Subscription.objects.select_related("identity").prefetch_related("topics", "quarters")
