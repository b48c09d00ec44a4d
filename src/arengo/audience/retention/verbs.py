# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hold is placed, released, or ends at its day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.events import IdentitiesMerged
from arengo.audience.models import Contact
from arengo.audience.retention.holding import is_over
from arengo.audience.retention.models import LONGEST_REASON, Hold
from arengo.core import audit, clean_text, outside
from arengo.core.events import Batch
from arengo.core.models import Person
from arengo.core.scope import every_organization, organization_scope

MOST = 500  # open holds of one organization: each job reads them all
_AT_ONCE = 500  # of one run of the job; the next one goes on


class NotHeld(Exception):
    """Why not, in the user's language."""


def place(contact: Contact, reason: str, until: date | None, *, by: Person) -> Hold:
    """From now on no job takes away what is theirs. NotHeld: no reason, a day that is past, too many, or nobody is there any more.

    Locks the contact, as erasing does.
    """
    reason = clean_text.name(outside.text(reason), most=LONGEST_REASON)
    if not reason:
        raise NotHeld(_("Scrivi perché: per esempio il numero della causa o della richiesta."))
    if until is not None and until < timezone.localdate():
        raise NotHeld(_("L’ultimo giorno del blocco non può essere passato."))
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        if contact.erased_at is not None:
            raise NotHeld(_("I dati di questa persona sono già stati eliminati."))
        if Hold.objects.filter(ended_at=None).count() >= MOST:
            raise NotHeld(_("Ci sono già %(most)d blocchi: togline qualcuno, poi riprova.") % {"most": MOST})
        hold: Hold = Hold.objects.create(contact=contact, reason=reason, until=until, by=by)
        audit.record(
            "audience.placed_hold",
            organization=contact.organization_id,
            by=by,
            on=contact,
            detail={"hold": hold.pk, "until": until.isoformat() if until else ""},
        )
    return hold


def release(hold: Hold, *, by: Person) -> bool:
    """What is over goes the next night. Whether it still stood."""
    return _end(hold.pk, "audience.released_hold", by)


def end_due() -> int:
    """Of all organizations: those whose last day is past. Each in its own transaction. Returns how many."""
    with every_organization("holds end in each of them"):
        due = list(
            Hold.objects.filter(ended_at=None, until__lte=timezone.localdate())
            .order_by("until", "pk")
            .values_list("pk", "organization_id")[:_AT_ONCE]
        )
    ended = 0
    for pk, organization_id in due:
        with organization_scope(organization_id):
            if is_over(Hold.objects.get(pk=pk)):
                ended += _end(pk, "audience.hold_ended", None)
    return ended


def _end(pk: int, verb: str, by: Person | None) -> bool:
    with transaction.atomic():
        hold = Hold.objects.select_for_update(of=("self",), no_key=True).select_related("contact").get(pk=pk)
        if hold.ended_at is not None:
            return False
        hold.ended_at, hold.ended_by = timezone.now(), by
        hold.save(update_fields=["ended_at", "ended_by"])
        audit.record(
            verb, organization=hold.organization_id, by=by, on=hold.contact, detail={"hold": hold.pk}
        )
    return True


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    """Two identities were one person: what is held stays held."""
    for event in batch.events:
        Hold.objects.filter(contact=event.gone_contact_id).update(contact=event.kept_contact_id)
