# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Is who asks who they say? A code in the chat, read out; a document seen; a PEC, SPID or CIE."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience.models import Contact, Identity
from arengo.audience.personal.asking import NotSent, send_text, sender_for
from arengo.audience.rights.models import Check, IdentityCode
from arengo.core import audit, automatic, outside
from arengo.core.automatic import Kind, some_a_day
from arengo.core.models import Organization, Person
from arengo.core.vault import vault

KIND = "audience.identity_code"
VALID = timedelta(minutes=10)
MOST_TRIES = 5
_DIGITS = 6


def register() -> None:
    automatic.register(
        Kind(
            KIND,
            gettext_lazy("Codice per verificare chi è"),
            gettext_lazy(
                "Quando un amministratore lo manda dalla scheda, per una richiesta sui dati. La persona lo legge allo sportello."
            ),
            "settings:list",
            some_a_day(KIND, times=3, a_day=6, minutes=10),
        )
    )


class NotVerified(Exception):
    """What is missing, in the user's language."""


@transaction.atomic
def send_code(contact: Contact, *, by: Person) -> Identity:
    """A fresh code to the chat in which the citizen wrote last; an earlier one stops working. Recorded in the log. NotSent."""
    identities = list(
        Identity.objects.filter(contact=contact)
        .select_related("contact")
        .order_by(F("last_wrote_at").desc(nulls_last=True), "pk")
    )
    if not identities:
        raise NotSent(_("Non ha una chat a cui scrivere."))
    identity: Identity = identities[0]
    sender = sender_for(identity)
    organization = Organization.objects.get(pk=contact.organization_id)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    with translation.override(organization.language):
        text = _(
            "Il tuo codice è %(code)s. Dillo soltanto a chi dello sportello te lo sta chiedendo adesso per una tua richiesta. "
            "Vale %(minutes)d minuti. Se non hai chiesto niente, non darlo a nessuno."
        ) % {"code": code, "minutes": VALID.seconds // 60}
    send_text(identity, sender, KIND, text)
    IdentityCode.objects.filter(contact=contact).delete()
    IdentityCode.objects.create(
        organization=organization,
        contact=contact,
        identity=identity,
        code_hash=_hash_of(contact, code),
        expires_at=timezone.now() + VALID,
        by=by,
    )
    audit.record("audience.sent_code", organization=organization, by=by, on=contact)
    return identity


def is_waiting(contact: Contact) -> bool:
    """Whether a code was sent that may still be read out."""
    now = timezone.now()
    return bool(
        IdentityCode.objects.filter(contact=contact, expires_at__gt=now, tries__lt=MOST_TRIES).exists()
    )


def verify(contact: Contact, way: str, code: str) -> Check:
    """How it was checked. A wrong code counts, also where the caller's request then fails. NotVerified says what to do.

    Not inside a transaction that may be undone: the tries would not be counted. Locks the code: nobody uses it twice.
    """
    if way in (Check.DOCUMENT, Check.REMOTE):
        return Check(way)
    if way != Check.CODE:
        raise NotVerified(_("Scegli come hai verificato chi è."))
    with transaction.atomic():
        sent = (
            IdentityCode.objects.select_for_update(no_key=True)
            .filter(contact=contact, expires_at__gt=timezone.now(), tries__lt=MOST_TRIES)
            .order_by("-pk")
            .first()
        )
        if sent is None:
            raise NotVerified(_("Non c’è un codice valido: mandane uno, e chiedile di leggerlo."))
        typed = "".join(sign for sign in outside.text(code, most=40) if sign.isdigit())
        if len(typed) != _DIGITS:  # no try: nothing was guessed
            raise NotVerified(_("Scrivi le sei cifre del codice che le è arrivato."))
        if secrets.compare_digest(bytes(sent.code_hash), _hash_of(contact, typed)):
            sent.delete()
            return Check.CODE
        sent.tries += 1
        sent.save(update_fields=["tries"])
    left = MOST_TRIES - sent.tries
    if not left:
        raise NotVerified(_("Il codice non è giusto, e i tentativi sono finiti: mandane un altro."))
    raise NotVerified(_("Il codice non è giusto. Tentativi rimasti: %(left)d.") % {"left": left})


def _hash_of(contact: Contact, code: str) -> bytes:
    return vault().lookup(f"identity code\0{contact.pk}\0{code}")


def forget_old() -> int:
    """Of all organizations of the scope."""
    gone, _by_model = IdentityCode.objects.filter(expires_at__lt=timezone.now()).delete()
    return gone
