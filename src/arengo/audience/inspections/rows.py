# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line of the log of consents as a line of the table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arengo.audience import people
from arengo.audience.models import Consent, Policy
from arengo.audience.proofs.models import Told
from arengo.audience.proofs.sheet import WHAT
from arengo.delivery.models import Sender

PAGE = 1_000  # lines


def heads() -> list[str]:
    return [
        _("Registrazione"),
        _("Che cosa"),
        _("Effetto"),
        _("Inviata"),
        _("Ricevuta e registrata"),
        _("Modo"),
        _("Piattaforma"),
        _("Numero"),
        _("Identificativo"),
        _("Nome del profilo"),
        _("Al numero"),
        _("Codice del messaggio"),
        _("Messaggio"),
        _("Registrata da"),
        _("Informativa in vigore"),
        _("Regole in vigore"),
        _("Risposta inviata"),
        _("Risposta"),
        _("Informativa mostrata"),
        _("Regole mostrate"),
        _("Impronta della persona"),
    ]


def pages() -> Iterator[list[Consent]]:
    """The whole log of the scope's organization, in its order, so many lines at a time."""
    after = 0
    while True:
        page = list(
            Consent.objects.filter(pk__gt=after)
            .select_related("policy", "rules", "by", "identity__contact", "key")
            .order_by("pk")[:PAGE]
        )
        if not page:
            return
        yield page
        after = page[-1].pk


def answers(page: Collection[Consent]) -> dict[int, Told]:
    """The last answer to each; what showed no text stands behind what did, as thanks behind the question that was accepted."""
    ids = [consent.pk for consent in page]
    told = Told.objects.filter(consent__among=ids).select_related("key", "policy", "rules").order_by("pk")
    found: dict[int, Told] = {}
    for each in told:
        before = found.get(each.consent_id)
        if before is None or each.policy or each.rules or not (before.policy or before.rules):
            found[each.consent_id] = each
    return found


def numbers() -> dict[int, str]:
    """The organization's own, by sender."""
    return dict(Sender.objects.values_list("pk", "display_phone"))


def row(consent: Consent, told: Told | None, senders: Mapping[int, str]) -> list[str]:
    identity = consent.identity
    address = identity.address if identity else None
    values = [
        str(consent.pk),
        str(WHAT[Consent.Action(consent.action)]).lower(),
        _effect(consent),
        _moment(consent.at),
        _moment(consent.recorded_at),
        consent.way_words,
        identity.words.name if identity else "",
        (address.phone or "") if address else "",
        (address.user_id or "") if address else "",
        people.display_name(identity) if identity else _("dati eliminati su richiesta"),
        senders.get(consent.sender_id or 0, ""),
        consent.message_id,
        consent.text,
        str(consent.by) if consent.by else "",
        _version(consent.policy),
        _version(consent.rules),
        _moment(told.at) if told else "",
        told.text if told else "",
        _version(told.policy) if told else "",
        _version(told.rules) if told else "",
        consent.subject_hash.hex(),
    ]
    return [value if place == _NUMBER else unarmed(value) for place, value in enumerate(values)]


def _effect(consent: Consent) -> str:
    if consent.elsewhere:
        return _("sì, nella chat collegata")
    return _("sì") if consent.effective or consent.action == Consent.Action.CONFIRMED else _("nessuno")


_NUMBER = 7  # «+39…» is a number, not a sum


def unarmed(value: str) -> str:
    """What a spreadsheet would compute has an apostrophe before it."""
    return f"'{value}" if value.startswith(("=", "@", "+", "-", "\t", "\r")) else value


def _moment(at: datetime) -> str:
    return str(date_format(timezone.localtime(at), "Y-m-d H:i:s"))


def _version(policy: Policy | None) -> str:
    return str(policy.version) if policy else ""
