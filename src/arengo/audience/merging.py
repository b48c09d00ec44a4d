# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two identities that turn out to be one person: nothing that either agreed to or said is lost."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Exists, OuterRef
from django.utils import timezone

from arengo.audience import consent
from arengo.audience.events import IdentitiesMerged
from arengo.audience.linking import verbs as linking
from arengo.audience.models import (
    Consent,
    ContactKey,
    Edited,
    FormerAddress,
    Identity,
    Subscription,
    user_hash,
)
from arengo.audience.topics.models import Choosing
from arengo.core import audit, clean_text
from arengo.core.events import Batch, publish
from arengo.core.vault import vault
from arengo.platforms.contract import Address


def remember_former(contact_id: int, organization_id: int, platform: str, address: Address) -> None:
    """Erasing the person will reach what was sent to an address that they no longer have; its user id goes on naming them."""
    FormerAddress.objects.create(
        organization_id=organization_id,
        contact_id=contact_id,
        platform=platform,
        address_sealed=vault().seal(msgspec.json.encode(address), purpose="address"),
        user_id_hash=user_hash(platform, address.user_id) if address.user_id else None,
        until=timezone.now(),
    )


def absorb(kept: Identity, gone: Identity, sender_id: int) -> None:
    """``kept`` takes over consents, subscription and history of ``gone``, which is deleted, with its contact if other."""
    linking.undo([kept, gone])  # each has its own subscription again, before the two become one
    kept_contact, gone_contact = kept.contact, gone.contact
    Consent.objects.filter(identity=gone).update(identity=kept)
    Choosing.objects.filter(identity=gone).update(identity=kept)
    for model in (ContactKey, FormerAddress):
        model.objects.filter(contact=gone_contact).update(contact=kept_contact)
    known = Edited.objects.filter(identity=kept, about_hash=OuterRef("about_hash"), at=OuterRef("at"))
    Edited.objects.filter(~Exists(known), identity=gone).update(identity=kept)
    _join_subscriptions(kept, gone)
    kept.last_wrote_at = _latest(kept.last_wrote_at, gone.last_wrote_at)
    said = _latest(kept.marketing_said_at, gone.marketing_said_at)
    if said != kept.marketing_said_at:  # the later word to the platform counts
        kept.marketing_said_at, kept.marketing_stopped_at = said, gone.marketing_stopped_at
    if not clean_text.is_seen(kept.username):
        kept.username = gone.username
    kept.save(update_fields=["last_wrote_at", "marketing_said_at", "marketing_stopped_at", "username"])
    asked_for = gone_contact.name_corrected and not kept_contact.name_corrected
    if gone_contact.name and (asked_for or not clean_text.is_seen(kept_contact.name)):
        kept_contact.name, kept_contact.name_corrected = gone_contact.name, gone_contact.name_corrected
        kept_contact.save(update_fields=["name", "name_corrected"])
    merged = IdentitiesMerged(
        kept_contact_id=kept_contact.pk,
        kept_identity_id=kept.pk,
        gone_contact_id=gone_contact.pk,
        gone_identity_id=gone.pk,
    )
    publish(IdentitiesMerged, Batch(kept.organization_id, sender_id, [merged]))
    Identity.objects.filter(contact=gone_contact).exclude(pk=gone.pk).update(contact=kept_contact)
    audit.record(
        "audience.merged",
        organization=kept.organization_id,
        by=None,
        on=kept_contact,
        detail={"gone_contact": gone_contact.pk, "gone_identity": gone.pk},
    )
    # A fresh copy: the object in hand has the address that the kept one has by now.
    stored = Identity.objects.get(pk=gone.pk)
    remember_former(kept_contact.pk, kept.organization_id, stored.platform, stored.address)
    stored.delete()
    if gone_contact.pk != kept_contact.pk:
        gone_contact.delete()


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _last_word(subscription: Subscription) -> datetime:
    """When this person last said whether they want to be on the list."""
    return subscription.since if subscription.active else subscription.ended_at or subscription.since


def _join_subscriptions(kept: Identity, gone: Identity) -> None:
    """The later word counts, whichever of the two said it. Where both are on the list, one of the two counts as ended."""
    theirs = Subscription.objects.filter(identity=gone).first()
    if theirs is None:
        return
    ours = Subscription.objects.filter(identity=kept).first()
    if ours is not None and ours.active and theirs.active:
        consent.note_merged(kept, gone, timezone.now())
    if ours is not None and _last_word(ours) >= _last_word(theirs):
        theirs.delete()
        return
    if ours is not None:
        ours.delete()
    Subscription.objects.filter(pk=theirs.pk).update(identity=kept)
