# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joining and leaving the list, with the proof of each.

Words arrive in any order and may be repeated; what counts is when they were said (``at``): a join older than the
latest leave changes nothing, and neither does a leave older than the latest join. Both are recorded all the same.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from arengo.audience import keys, policies
from arengo.audience.events import SubscriptionEnded
from arengo.audience.models import Consent, ContactKey, Identity, Policy, Subscription
from arengo.core import audit
from arengo.core.events import Batch, publish
from arengo.core.models import Person


class Outcome(enum.Enum):
    JOINED = "joined"
    ALREADY = "already"
    LEFT = "left"
    NOT_SUBSCRIBED = "not_subscribed"
    OVERTAKEN = "overtaken"  # a later word of theirs is known already


@dataclass(frozen=True)
class Step:
    subscription: Subscription
    outcome: Outcome


@dataclass(frozen=True)
class Words:
    """What was said, when, and through which door: the proof."""

    at: datetime
    source: str
    message_id: str = ""
    text: str = ""
    by: Person | None = None
    own_keys: Sequence[ContactKey] | None = None  # under which the proof is sealed: the first of them


def give(
    identity: Identity,
    *,
    at: datetime,
    message_id: str,
    text: str,
    sender_id: int,
    topics: Iterable[int] = (),
    own_keys: Sequence[ContactKey] | None = None,
) -> Step:
    """The citizen asks to be on the list. Only they can: there is no other source of consent than their message.

    ``own_keys``: the contact's keys where the caller has them already (``keys.of``), the newest first.
    """
    words = Words(at, Consent.Source.MESSAGE, message_id, text, own_keys=own_keys)
    with transaction.atomic():
        words = _lock(identity, words)
        subscription = Subscription.objects.filter(identity=identity).first()
        if _known(identity, words):
            return Step(_existing(subscription), Outcome.OVERTAKEN)
        if subscription and subscription.active:
            _add_topics(subscription, topics)
            return Step(subscription, Outcome.ALREADY)
        if subscription and subscription.ended_at and at < subscription.ended_at:
            _record(identity, Consent.Deed.GIVEN, words, effective=False)
            return Step(subscription, Outcome.OVERTAKEN)
        _record(identity, Consent.Deed.GIVEN, words)
        if subscription is None:
            subscription = Subscription(organization_id=identity.organization_id, identity=identity)
        subscription.sender_id, subscription.active = sender_id, True
        subscription.since, subscription.ended_at = at, None
        subscription.save()
        subscription.topics.set(topics)
    return Step(subscription, Outcome.JOINED)


def withdraw(
    identity: Identity,
    *,
    at: datetime,
    source: str,
    message_id: str = "",
    text: str = "",
    sender_id: int = 0,
    by: Person | None = None,
    own_keys: Sequence[ContactKey] | None = None,
) -> Step:
    """Off the list at once. ``source``: their message, the platform's settings, or staff at their request (``by``)."""
    words = Words(at, source, message_id, text, by, own_keys)
    with transaction.atomic():
        words = _lock(identity, words)
        subscription: Subscription | None = Subscription.objects.filter(identity=identity).first()
        if _known(identity, words):
            return Step(_existing(subscription), Outcome.OVERTAKEN)
        if subscription is None or not subscription.active:
            return _not_subscribed(identity, subscription, words, sender_id)
        if (
            at < subscription.since and source != Consent.Source.STAFF
        ):  # staff's clock is ours, not the platform's
            _record(identity, Consent.Deed.WITHDRAWN, words, effective=False)
            return Step(subscription, Outcome.OVERTAKEN)
        _record(identity, Consent.Deed.WITHDRAWN, words)
        subscription.active, subscription.ended_at = False, max(at, subscription.since)
        subscription.save(update_fields=["active", "ended_at"])
        ended = SubscriptionEnded(identity.pk, identity.address)
        publish(SubscriptionEnded, Batch(identity.organization_id, subscription.sender_id, [ended]))
        if by is not None:
            audit.record(
                "audience.unsubscribed", organization=identity.organization_id, by=by, on=identity.contact
            )
    return Step(subscription, Outcome.LEFT)


def _not_subscribed(
    identity: Identity, subscription: Subscription | None, words: Words, sender_id: int
) -> Step:
    """A refusal of who is not on the list still stands against a join that was said before and arrives later."""
    latest = Consent.objects.filter(identity=identity).order_by("-at", "-pk").first()
    if latest is None or latest.deed != Consent.Deed.WITHDRAWN:
        _record(identity, Consent.Deed.WITHDRAWN, words, effective=False)
    if subscription is None:
        subscription = Subscription(
            organization_id=identity.organization_id, identity=identity, sender_id=sender_id, since=words.at
        )
    subscription.active = False
    subscription.ended_at = max(filter(None, (subscription.ended_at, words.at)))
    subscription.save()
    return Step(subscription, Outcome.NOT_SUBSCRIBED)


def _lock(identity: Identity, words: Words) -> Words:
    """One word of a person after the other, whoever reads them. Their keys are at hand afterwards."""
    list(Identity.objects.select_for_update(no_key=True).filter(pk=identity.pk).values_list("pk"))
    return (
        words if words.own_keys else replace(words, own_keys=keys.of([identity.contact])[identity.contact_id])
    )


def _known(identity: Identity, words: Words) -> bool:
    hashes = [key.own.lookup(words.message_id) for key in words.own_keys or ()]
    return bool(
        words.message_id and Consent.objects.filter(identity=identity, message_hash__in=hashes).exists()
    )


def _existing(subscription: Subscription | None) -> Subscription:
    assert subscription is not None  # noqa: S101  # a recorded word always left a subscription behind
    return subscription


def _add_topics(subscription: Subscription, topics: Iterable[int]) -> None:
    """Without topics a subscription is to all of them: naming one more cannot make it less."""
    if subscription.topics.exists():
        subscription.topics.add(*topics)


def _record(identity: Identity, deed: Consent.Deed, words: Words, *, effective: bool = True) -> Consent:
    assert words.own_keys  # noqa: S101  # _lock saw to it
    key = words.own_keys[0]
    own, message_id = key.own, words.message_id
    consent: Consent = Consent.objects.create(
        organization_id=identity.organization_id,
        identity=identity,
        key=key,
        subject_sealed=own.seal_text(identity.subject_hash.hex(), purpose="consent subject"),
        deed=deed,
        at=words.at,
        source=words.source,
        by=words.by,
        effective=effective,
        message_hash=own.lookup(message_id) if message_id else None,
        message_id_sealed=own.seal_text(message_id, purpose="consent message") if message_id else None,
        text_sealed=own.seal_text(words.text, purpose="consent text") if words.text else None,
        policy=policies.current(Policy.Kind.PRIVACY),
        rules=policies.current(Policy.Kind.RULES),
    )
    return consent
