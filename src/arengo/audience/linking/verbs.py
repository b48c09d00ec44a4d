# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two addresses become one person's, and stand alone again. Each keeps its card, its conversations and its own subscription.

While they are linked one of the two subscriptions is in force, at the address where the person is reached; the other is put
aside, and did not end. Words of either chat reach the one in force (``consent.say``, ``standing``).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from arengo.audience import consent_log, standing
from arengo.audience.events import SubscriptionEnded
from arengo.audience.linking.models import Link
from arengo.audience.models import Consent, Identity, Subscription
from arengo.core import audit
from arengo.core.database import again_if_undone
from arengo.core.events import Batch, publish
from arengo.core.models import Person

_CONTENT = ("active", "since", "ended_at", "frequency")


class AlreadyLinked(Exception):
    """One of the two is linked to a third: that comes apart first."""


def of(identity: Identity) -> Link | None:
    """Its link, with both addresses."""
    return _links([identity.pk]).first()


def of_contact(contact_id: int) -> list[Link]:
    """Those of a card: its addresses are one or more, each may be linked."""
    ids = list(Identity.objects.filter(contact=contact_id).values_list("pk", flat=True))
    return list(_links(ids).order_by("pk"))


def beside(link: Link, identity: Identity) -> Identity:
    """The other one of the two."""
    return link.other if link.preferred_id == identity.pk else link.preferred


@transaction.atomic
def link(asked: Identity, typed: Identity, *, senders: tuple[int, int]) -> Link:
    """They are one person's from now on, reached where they were on the list; of both, where they ``asked`` for the code.

    ``senders``: the numbers to which the two wrote. Locks the two by id. What is on its way to the one that is put aside is
    cancelled (``SubscriptionEnded``): it reaches them at the other. A line of the log. AlreadyLinked.
    """
    standing.lock([asked.pk, typed.pk])
    if _links([asked.pk, typed.pk]).exists():
        raise AlreadyLinked
    subscriptions = [_own(one, sender) for one, sender in zip((asked, typed), senders, strict=True)]
    first, second = subscriptions
    kept, aside = (second, first) if second.active and not first.active else (first, second)
    made: Link = Link.objects.create(
        organization_id=asked.organization_id,
        preferred_id=kept.identity_id,
        other_id=aside.identity_id,
        paused=aside.active,
        after_consent=Consent.objects.filter(identity__in=[asked.pk, typed.pk]).aggregate(last=Max("pk"))[
            "last"
        ]
        or 0,
    )
    if aside.active:
        where = asked if aside.identity_id == asked.pk else typed
        ended = SubscriptionEnded(where.pk, where.platform, where.address)
        publish(SubscriptionEnded, Batch(asked.organization_id, aside.sender_id, [ended]))
    aside.active, aside.replaced_by_id = False, kept.identity_id
    aside.save(update_fields=["active", "replaced_by"])
    _record("audience.linked", made, None)
    return made


@again_if_undone
@transaction.atomic
def prefer(found: Link, identity: Identity, *, by: Person | None = None, sender_id: int = 0) -> bool:
    """The person is reached there from now on; False: they were already, or the link is no more. Locks the two by id.

    ``sender_id``: the number to which they wrote there, where they did. ``by``: who of the staff did it. A line of the log.
    """
    held = _held(found)
    if held is None or held.other_id != identity.pk:
        return False
    _change_places(held)
    if sender_id:
        Subscription.objects.filter(identity=identity).update(sender_id=sender_id)
    _record("audience.preferred", held, by)
    return True


@again_if_undone
@transaction.atomic
def unlink(found: Link, *, by: Person | None = None) -> bool:
    """Each has the subscription that it had, but for what was said since: who left meanwhile stays off at both, who joined is on
    the list where they were reached, and what they chose stays chosen. False: it is no more.

    Locks the two by id. A line of the log.
    """
    held = _held(found)
    if held is None:
        return False
    said = Consent.objects.filter(
        identity__in=[held.preferred_id, held.other_id], pk__gt=held.after_consent, effective=True
    )
    left = (
        said.filter(action=Consent.Action.WITHDRAWN)
        .order_by("-at", "-pk")
        .values_list("at", flat=True)
        .first()
    )
    joined = said.filter(action=Consent.Action.GIVEN).exists()
    if held.swapped and not joined:
        _change_places(held)
    aside: Subscription = Subscription.objects.get(identity=held.other_id)
    aside.replaced_by = None
    aside.active = held.paused and left is None
    if not aside.active:
        aside.ended_at = max(filter(None, (aside.ended_at, left)), default=None)
    aside.save(update_fields=["replaced_by", "active", "ended_at"])
    # Those that were made for the link alone. Where something was said meanwhile it may be told again: that finds one.
    said_here = Consent.objects.filter(identity=OuterRef("identity"))
    Subscription.objects.filter(
        ~Exists(said_here), identity__in=[held.preferred_id, held.other_id], active=False, ended_at=None
    ).delete()
    _record("audience.unlinked", held, by)
    held.delete()
    return True


def undo(identities: Iterable[Identity]) -> None:
    """Before these are erased, or turn out to be somebody else: whatever is linked to them stands alone again."""
    for found in list(_links([identity.pk for identity in identities]).order_by("pk")):
        unlink(found)


def _links(ids: list[int]) -> QuerySet[Link]:
    return Link.objects.filter(Q(preferred__in=ids) | Q(other__in=ids)).select_related(
        "preferred__contact", "other__contact"
    )


def _held(found: Link) -> Link | None:
    """As it is now, with both people locked."""
    standing.lock([found.preferred_id, found.other_id])
    return Link.objects.select_related("preferred__contact", "other__contact").filter(pk=found.pk).first()


def _own(identity: Identity, sender_id: int) -> Subscription:
    """Its subscription; one that says nothing where there is none."""
    own: Subscription
    own, _made = Subscription.objects.get_or_create(
        identity=identity,
        defaults={
            "organization_id": identity.organization_id,
            "sender_id": sender_id,
            "active": False,
            "since": timezone.now(),
        },
    )
    if not own.active and own.sender_id != sender_id:
        own.sender_id = sender_id
        own.save(update_fields=["sender_id"])
    return own


def _change_places(held: Link) -> None:
    """What the subscription in force says, and what the one that is put aside says; each stays with its own number to write from."""
    pair = {
        one.identity_id: one
        for one in Subscription.objects.filter(identity__in=[held.preferred_id, held.other_id])
    }
    before, after = pair[held.preferred_id], pair[held.other_id]
    chosen = consent_log.receives([before, after])
    consent_log.choose(
        {before: chosen[after.identity_id], after: chosen[before.identity_id]}, [before.pk, after.pk]
    )
    for name in _CONTENT:
        one, other = getattr(before, name), getattr(after, name)
        setattr(before, name, other)
        setattr(after, name, one)
    before.replaced_by_id, after.replaced_by_id = after.identity_id, None
    for one in (before, after):
        one.save(update_fields=[*_CONTENT, "replaced_by"])
    held.preferred, held.other, held.swapped = held.other, held.preferred, not held.swapped
    held.save(update_fields=["preferred", "other", "swapped"])


def _record(verb: str, held: Link, by: Person | None) -> None:
    audit.record(
        verb,
        organization=held.organization_id,
        by=by,
        on=held.preferred.contact,
        detail={"other_contact": held.other.contact_id},
    )
