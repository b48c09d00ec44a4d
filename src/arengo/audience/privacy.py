# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rights of a citizen: to have their data, to have them erased, to see what they agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.audience import consent, identities, keys
from arengo.audience.events import AddressErased
from arengo.audience.linking import verbs as linking
from arengo.audience.models import Consent, Contact, FormerAddress, Identity, Subscription
from arengo.audience.reasons import Reason
from arengo.core import audit
from arengo.core.console import holds, personal_data
from arengo.core.console.personal_data import Chapter, Line
from arengo.core.database import again_if_undone
from arengo.core.erasures import erasing
from arengo.core.events import Batch, publish
from arengo.core.models import Person


def everything(contact: Contact) -> dict[str, Any]:
    """All that Arengo holds about one citizen, as JSON values: what each room registered."""
    return {
        "exported_at": timezone.now().isoformat(),
        "organization": contact.organization.name,
        **personal_data.export(contact.pk),
    }


def export(contact: Contact, *, by: Person) -> dict[str, Any]:
    """The same, handed out by somebody: recorded in the log."""
    parts = everything(contact)
    audit.record("audience.exported", organization=contact.organization_id, by=by, on=contact)
    return parts


def of_citizen(contact_id: int) -> dict[str, Any]:
    """What the audience itself holds: who they are, how they are reached, what they agreed to."""
    contact = Contact.objects.get(pk=contact_id)
    reached = list(contact.identities.order_by("pk"))
    former = FormerAddress.objects.filter(contact=contact).order_by("until")
    return {
        "contact": {"name": contact.name, "known_since": contact.created_at.isoformat()},
        "identities": [_identity(identity) for identity in reached],
        "former_addresses": [
            {"phone": one.address.phone, "user_id": one.address.user_id, "until": one.until.isoformat()}
            for one in former
        ],
        "consents": [
            {
                "action": said.action,
                "at": said.at.isoformat(),
                "recorded_at": said.recorded_at.isoformat(),
                "source": said.source,
                "reason": said.reason,
                "message_id": said.message_id,
                "text": said.text,
                "effective": said.effective,
                "counted_in_linked_chat": said.elsewhere,
                "privacy_version": said.policy.version if said.policy else None,
                "rules_version": said.rules.version if said.rules else None,
            }
            for said in consents_of(contact)
        ],
    }


def amounts(contact_id: int) -> Sequence[str]:
    """What an erasure takes away of it."""
    named = int(Contact.objects.filter(pk=contact_id).exclude(name="").exists())
    reached = Identity.objects.filter(contact_id=contact_id).count()
    former = FormerAddress.objects.filter(contact_id=contact_id).count()
    found = (
        (named, ngettext("%(count)d nome", "%(count)d nomi", named)),
        (reached + former, ngettext("%(count)d recapito", "%(count)d recapiti", reached + former)),
    )
    return [words % {"count": count} for count, words in found if count]


def readable(contact_id: int) -> Iterator[Chapter]:
    contact = Contact.objects.get(pk=contact_id)
    yield Chapter(_("Chi sei per noi"), _who(contact))
    yield Chapter(
        _("Che cosa hai chiesto della lista"),
        (
            Line(str(one.get_action_display()), f"{one.get_source_display()}. {one.text}".strip(), one.at)
            for one in consents_of(contact)
        ),
    )


def _who(contact: Contact) -> Iterator[Line]:
    yield Line(_("Nome"), contact.name or "–")
    yield Line(_("Ti conosciamo dal"), "", contact.created_at)
    found = contact.identities.select_related("subscription").prefetch_related("subscription__topics")
    for identity in found.order_by("pk"):
        address = identity.address
        yield Line(identity.words.name, address.phone or identity.username or address.user_id or "–")
        subscription = getattr(identity, "subscription", None)
        if subscription is not None and subscription.active:
            topics = ", ".join(topic.name for topic in subscription.topics.all()) or _("tutti i temi")
            yield Line(_("Iscrizione agli avvisi"), topics, subscription.since)


def _identity(identity: Identity) -> dict[str, Any]:
    subscription: Subscription | None = (
        Subscription.objects.filter(identity=identity).prefetch_related("topics", "quarters").first()
    )
    address = identity.address
    return {
        "platform": identity.platform,
        "phone": address.phone,
        "user_id": address.user_id,
        "username": identity.username,
        "last_wrote_at": identity.last_wrote_at.isoformat() if identity.last_wrote_at else None,
        "marketing_stopped_at": identity.marketing_stopped_at.isoformat()
        if identity.marketing_stopped_at
        else None,
        "subscription": {
            "active": subscription.active,
            "since": subscription.since.isoformat(),
            "ended_at": subscription.ended_at.isoformat() if subscription.ended_at else None,
            "topics": [topic.name for topic in subscription.topics.all()],
            "quarters": [quarter.name for quarter in subscription.quarters.all()],
            "frequency": subscription.frequency or "everything",
        }
        if subscription
        else None,
    }


def consents_of(contact: Contact, *, most: int | None = None) -> list[Consent]:
    """The proof, newest word first."""
    return list(
        Consent.objects.filter(identity__contact=contact)
        .select_related("policy", "rules", "by", "identity", "key")
        .order_by("-at", "-pk")[:most]
    )


class Held(Exception):
    """The organization must keep their data for now (GDPR art. 17(3)): a hold stands (``core/console/holds.py``)."""


@again_if_undone
def erase(contact: Contact, *, by: Person | None) -> None:
    """Name, addresses, keys, subscription, and what other rooms hold are gone for good.

    A subscription is ended first, so that figures know that somebody was erased on this day. The log of consents stays,
    without the person: what named them in it is sealed under their own keys, which are destroyed, so that nobody finds it by
    the number either. The contact's empty row stays, so that what points to it still
    says «somebody, erased». What the journal holds of them goes in the minutes after (``intake/scrubbing.py``),
    PostgreSQL's own files are rewritten at night (``core/rewriting.py``).

    Announces ``AddressErased`` of each address, of today and of before. An undone transaction is done again; a second press does
    nothing. ``by``: None where the citizen does it, on their own page. Held: nothing happens while a hold stands.
    """
    with transaction.atomic():
        found = locked(contact)
        if found is None:
            return
        if found.pk in holds.held().contacts:
            raise Held
        with erasing(found, organizations=[found.organization_id]) as [note]:
            linking.undo(Identity.objects.filter(contact=found))  # what is linked stands alone again
            _leave(found, by)
            personal_data.erase(found.pk)
            addresses = [
                AddressErased(one.platform, one.address, erasure_id=note.pk)
                for one in Identity.objects.filter(contact=found)
            ]
            addresses += [
                AddressErased(one.platform, one.address, until=one.until, erasure_id=note.pk)
                for one in FormerAddress.objects.filter(contact=found)
            ]
            publish(AddressErased, Batch(found.organization_id, 0, addresses))
            _close(found)
        audit.record("audience.erased", organization=found.organization_id, by=by, on=found)


def locked(contact: Contact) -> Contact | None:
    """To be taken away: None for who is gone already. In the caller's transaction.

    Locks the organization's addresses, as merging does, the person's identities by id, so that no row that refers to them is
    added meanwhile, then the contact.
    """
    identities.one_at_a_time()
    list(
        Identity.objects.select_for_update(no_key=False)
        .filter(contact=contact)
        .order_by("pk")
        .values_list("pk")
    )
    found: Contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    return found if found.erased_at is None else None


def forget(contact: Contact) -> None:
    """At the end of their time, by no request: the same as :func:`erase`, of somebody whom nothing has reached since long ago.

    What was sent to them, and what the journal holds, goes at the end of its own time; PostgreSQL's files are not rewritten for it.
    In the caller's transaction, which has :func:`locked` them.
    """
    personal_data.forget(contact.pk)
    _close(contact)


def _close(contact: Contact) -> None:
    """What is left of them at the end: an empty row."""
    Identity.objects.filter(contact=contact).delete()
    FormerAddress.objects.filter(contact=contact).delete()
    keys.destroy(contact)
    contact.name, contact.name_corrected, contact.erased_at = "", False, timezone.now()
    contact.save(update_fields=["name", "name_corrected", "erased_at"])


def _leave(contact: Contact, by: Person | None) -> None:
    """``by``: None where they erased themselves, on their page."""
    now = timezone.now()
    listed = Identity.objects.filter(contact=contact, subscription__active=True).order_by("pk")
    consent.say(
        [
            consent.Words(
                identity,
                Consent.Action.WITHDRAWN,
                now,
                Consent.Source.STAFF if by else Consent.Source.PAGE,
                by=by,
                reason=Reason.ERASED,
            )
            for identity in listed.select_related("contact")
        ]
    )
