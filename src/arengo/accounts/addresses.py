# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's own address: proved by a mailed link, changed with the notice of the old one."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.accounts import mails, tokens, trail
from arengo.accounts.models import AddressChange
from arengo.core.links import organization_url
from arengo.core.models import Organization, Person

VALID = timedelta(hours=24)
MOST_A_DAY = 5  # links that one person may have sent


class Refused(Exception):
    """The words say why, for the screen."""


def ask(person: Person, email: str, *, organization: Organization) -> None:
    """Send the link that proves ``email``; with the present address, the link that proves that one.

    Nothing changes until it is opened. Whether somebody owns the new address already is not told.
    """
    if not settings.EMAIL_LEAVES:
        raise Refused(_("Qui non parte posta: l’indirizzo non si può verificare né cambiare."))
    now = timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        recent = AddressChange.objects.filter(person=person, created_at__gt=now - timedelta(days=1))
        if recent.count() >= MOST_A_DAY:
            raise Refused(_("Oggi hai già chiesto troppi collegamenti: riprova domani."))
        AddressChange.objects.filter(created_at__lte=now - timedelta(days=1)).delete()  # all of them are void
        AddressChange.objects.filter(person=person, closed_at__isnull=True).update(closed_at=now)
        token, token_hash = tokens.new()
        AddressChange.objects.create(
            person=person, email=email, token_hash=token_hash, expires_at=now + VALID
        )
        trail.everywhere(person, "accounts.asked_address", by=person)
    link = organization_url(organization, reverse("account_email_confirm", args=[token]))
    proof = mails.AddressProof(organization, person, link)
    if not mails.send(proof, email, _("Conferma il tuo indirizzo")):
        raise Refused(_("L’e-mail non è partita: riprova tra poco."))
    if email != person.email and person.proved_at is not None:
        asked = mails.AddressAsked(organization)
        mails.send(asked, person.email, _("Qualcuno vuole cambiare il tuo indirizzo"))


def waiting(person: Person, token_hash: str) -> AddressChange | None:
    """The change that a link asks for, if it is this person's: a link opened by another proves nothing."""
    return AddressChange.objects.filter(
        person=person,
        token_hash=token_hash,
        closed_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()


def confirm(person: Person, change: AddressChange, *, organization: Organization) -> None:
    """The address is the person's from now on, and the old one is told."""
    old, was_proved = person.email, person.proved_at is not None
    try:
        with transaction.atomic():
            locked = AddressChange.objects.select_for_update(no_key=True).get(pk=change.pk)
            if locked.closed_at is not None or locked.person_id != person.pk:
                raise Refused(_("Questo collegamento non vale più."))
            locked.closed_at = timezone.now()
            locked.save(update_fields=["closed_at"])
            person.email, person.proved_at = locked.email, timezone.now()
            person.save(update_fields=["email", "proved_at"])
            verb = "accounts.changed_address" if old != person.email else "accounts.proved_address"
            trail.everywhere(person, verb, by=person)
    except IntegrityError as error:
        person.email = old
        raise Refused(
            _(
                "Questo indirizzo è già di un altro tuo accesso: chiedi a chi amministra questo ente "
                "un collegamento nuovo, e aprilo con quello."
            )
        ) from error
    if was_proved and old != person.email:
        mails.send(mails.AddressChanged(organization), old, _("Il tuo indirizzo è cambiato"))
