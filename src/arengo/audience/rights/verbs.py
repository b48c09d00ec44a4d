# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done at a citizen's request: each with the row that shows it, and a line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import consent, keys, privacy, standing
from arengo.audience.models import Consent, Contact, Identity, Subscription
from arengo.audience.retention import holding
from arengo.audience.rights.models import NAME, Check, Objection, Right, RightsRequest, Way, month_after
from arengo.core import audit, clean_text, outside
from arengo.core.database import again_if_undone
from arengo.core.models import Person
from arengo.core.time_words import named_day

_LONGEST_NAME = 200


class NotDone(Exception):
    """Why not, in the user's language."""


@dataclass(frozen=True)
class Asked:
    """How the citizen asked, and how it was checked that it was them. ``by``: who does it; None: they, on their page."""

    way: Way
    check: Check
    by: Person | None = None


def record(contact: Contact, right: Right, way: Way, asked_on: date, *, by: Person) -> RightsRequest:
    """A request to be met within a month. NotDone: the same waits already, the day is to come, or nobody is there any more."""
    if asked_on > timezone.localdate():
        raise NotDone(_("Il giorno della richiesta non può essere nel futuro."))
    with transaction.atomic():
        contact = _locked(contact)
        if RightsRequest.objects.filter(
            contact=contact, right=right, state=RightsRequest.State.OPEN
        ).exists():
            raise NotDone(_("Questa richiesta è già segnata, e aperta."))
        found: RightsRequest = RightsRequest.objects.create(
            contact=contact, right=right, way=way, asked_on=asked_on, due_on=month_after(asked_on), by=by
        )
        audit.record(
            "audience.recorded_request",
            organization=contact.organization_id,
            by=by,
            on=contact,
            detail={"right": right.value, "way": way.value},
        )
    return found


def close(request: RightsRequest, *, by: Person) -> None:
    """«Non serve più»: they thought better of it. A request that is not open stays as it is."""
    with transaction.atomic():
        closed = RightsRequest.objects.filter(pk=request.pk, state=RightsRequest.State.OPEN).update(
            state=RightsRequest.State.WITHDRAWN, ended_at=timezone.now(), ended_by=by
        )
        if closed:
            audit.record(
                "audience.closed_request",
                organization=request.organization_id,
                by=by,
                on=request.contact,
                detail={"right": request.right},
            )


def hand_out(contact: Contact, asked: Asked) -> None:
    """That they were given what is known of them; the archive itself is made by ``archive.written``."""
    with transaction.atomic():
        contact = _locked(contact)
        _done(contact, Right.COPY, asked)
        audit.record(
            "audience.exported",
            organization=contact.organization_id,
            by=asked.by,
            on=contact,
            detail={"way": asked.way.value, "check": asked.check.value},
        )


def correct(contact: Contact, name: str, asked: Asked) -> None:
    """They are called that from now on, whatever the platform says. Before and after are kept under their own key. NotDone."""
    name = clean_text.name(outside.text(name), most=_LONGEST_NAME)
    if not name:
        raise NotDone(_("Scrivi il nome."))
    with transaction.atomic():
        contact = _locked(contact)
        if name == contact.name:
            raise NotDone(_("Il nome è già questo."))
        [key, *_older] = keys.of([contact])[contact.pk]
        sealed = {
            "key": key,
            "before_sealed": key.own.seal_text(contact.name, purpose=NAME),
            "after_sealed": key.own.seal_text(name, purpose=NAME),
        }
        contact.name, contact.name_corrected = name, True
        contact.save(update_fields=["name", "name_corrected"])
        _done(contact, Right.CORRECT, asked, **sealed)
        audit.record(
            "audience.corrected_name",
            organization=contact.organization_id,
            by=asked.by,
            on=contact,
            detail={"way": asked.way.value, "check": asked.check.value},
        )


@again_if_undone
def object_to(contact: Contact, asked: Asked) -> None:
    """No notices any more, at any of their addresses, also those of a card that they linked; the rest stays. An import brings
    them back no more than after a leave.

    Locks their identities, as every word about the list does, then the contact.
    """
    now = timezone.now()
    with transaction.atomic():
        identities = list(Identity.objects.filter(contact=contact).select_related("contact").order_by("pk"))
        senders = dict(
            Subscription.objects.filter(identity__in=identities).values_list("identity_id", "sender_id")
        )
        source = Consent.Source.STAFF if asked.by else Consent.Source.PAGE
        text = _("Si oppone a ricevere avvisi")
        consent.say(
            [
                consent.Words(
                    identity,
                    Consent.Action.WITHDRAWN,
                    now,
                    source,
                    text=text,
                    sender_id=senders.get(identity.pk, 0),
                    by=asked.by,
                )
                for identity in identities
            ]
        )
        contact = _locked(contact)
        for pk in (contact.pk, *standing.beside(contact.pk)):
            Objection.objects.create(contact_id=pk, at=now)
        _done(contact, Right.OBJECT, asked)
        audit.record(
            "audience.objected",
            organization=contact.organization_id,
            by=asked.by,
            on=contact,
            detail={"way": asked.way.value, "check": asked.check.value},
        )


@again_if_undone
def erase(contact: Contact, asked: Asked) -> None:
    """All that names them goes (``privacy.erase``); that they asked for it stays, with nobody's name.

    NotDone while a hold stands: the request is written down, and open, so that it is met when the hold ends.
    """
    try:
        with transaction.atomic():
            privacy.erase(contact, by=asked.by)
            erased = Contact.objects.get(pk=contact.pk)
            if not RightsRequest.objects.filter(
                contact=erased, right=Right.ERASE, state=RightsRequest.State.DONE
            ).exists():
                _done(erased, Right.ERASE, asked)
            # Nobody is left for whom the others could be met.
            RightsRequest.objects.filter(contact=erased, state=RightsRequest.State.OPEN).update(
                state=RightsRequest.State.WITHDRAWN, ended_at=timezone.now(), ended_by=asked.by
            )
    except privacy.Held:
        raise NotDone(_wait_for_holds(contact, asked)) from None


def _wait_for_holds(contact: Contact, asked: Asked) -> str:
    """Writes the request down, once. Returns why it waits, for who asked (GDPR art. 12(4))."""
    with transaction.atomic():
        found = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        _row, new = RightsRequest.objects.get_or_create(
            contact=found,
            right=Right.ERASE,
            state=RightsRequest.State.OPEN,
            defaults={
                "way": asked.way,
                "asked_on": timezone.localdate(),
                "due_on": month_after(timezone.localdate()),
                "check_way": asked.check,
                "by": asked.by,
            },
        )
        if new:
            audit.record(
                "audience.erasure_waits",
                organization=found.organization_id,
                by=asked.by,
                on=found,
                detail={"way": asked.way.value, "check": asked.check.value},
            )
    days = [hold.until for hold in holding.standing(contact)]
    until = max((day for day in days if day is not None), default=None) if None not in days else None
    when = _("fino al %(day)s") % {"day": named_day(until, "j F Y")} if until else _("finché non è finito")
    if asked.by is not None:
        return _(
            "La richiesta è segnata, e aspetta: i dati di questa persona sono bloccati %(when)s, e non si cancellano "
            "(art. 17, paragrafo 3, del GDPR). Togli prima il blocco, nella sua scheda, oppure spiegale perché aspetta."
        ) % {"when": when}
    return _(
        "La tua richiesta è segnata, e aspetta: il Comune deve conservare i tuoi dati %(when)s, per un obbligo di legge o per "
        "difendere un diritto (art. 17, paragrafo 3, del GDPR). Chiedi il motivo allo sportello; puoi anche rivolgerti al Garante "
        "per la protezione dei dati."
    ) % {"when": when}


def objected(contact: Contact) -> Objection | None:
    """The objection that stands: they have not joined again themselves since, nor linked a chat that is on the list."""
    found: Objection | None = Objection.objects.filter(contact=contact).order_by("-at").first()
    if found is None:
        return None
    back = Subscription.objects.filter(identity__contact=contact, active=True, since__gt=found.at)
    if linked := standing.beside(contact.pk):
        # Objecting ended what stood for both: what is there came after, or with the other chat.
        back = Subscription.objects.filter(identity__contact__in=[contact.pk, *linked], active=True)
    return None if back.exists() else found


def _locked(contact: Contact) -> Contact:
    found: Contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if found.erased_at is not None:
        raise NotDone(_("I dati di questa persona sono stati eliminati."))
    return found


def _done(contact: Contact, right: Right, asked: Asked, **more: Any) -> None:
    """The request that waits for this is done; where nobody wrote one down, it is as of today."""
    now, today = timezone.now(), timezone.localdate()
    waiting = (
        RightsRequest.objects.filter(contact=contact, right=right, state=RightsRequest.State.OPEN)
        .order_by("asked_on", "pk")
        .first()
    )
    request = waiting or RightsRequest(
        organization_id=contact.organization_id,
        contact=contact,
        right=right,
        way=asked.way,
        asked_on=today,
        due_on=month_after(today),
        by=asked.by,
    )
    request.state, request.check_way = RightsRequest.State.DONE, asked.check
    request.ended_at, request.ended_by = now, asked.by
    for name, value in more.items():
        setattr(request, name, value)
    request.save()
