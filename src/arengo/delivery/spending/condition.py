# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money in *Stato del servizio*: free messages that are nearly used, and messages that are accepted and never heard of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from arengo.core.clean_text import isolated
from arengo.core.console import conditions, troubles
from arengo.core.console.conditions import Place, Sections, Snapshot
from arengo.core.console.troubles import Kind, Link, Trouble
from arengo.core.lengths import grouped
from arengo.core.machine import Machine
from arengo.delivery.models import Sender
from arengo.delivery.spending.allowance import NEARLY, Allowance, allowances
from arengo.delivery.spending.silence import Silence, silences
from arengo.platforms.registry import platform

KINDS = (Kind("sends_unheard_of"), Kind("free_messages_nearly_used", person=False))


@dataclass(frozen=True)
class OfSender:
    sender: Sender
    allowances: tuple[Allowance, ...]
    silence: Silence | None


@dataclass(frozen=True)
class Spending:
    senders: tuple[OfSender, ...] = ()


def register() -> None:
    conditions.register(Spending, read)
    troubles.register(Place.OUT, KINDS, find)


def read(sections: Sections) -> Spending:
    """While migrations are pending its table may not be there yet."""
    if sections.of(Machine).migrations_pending:
        return Spending()
    active = Sender.objects.filter(state=Sender.State.ACTIVE).select_related("organization")
    senders = list(active.defer("credentials_sealed").order_by("pk"))
    free, silent = allowances(senders), silences(senders)
    return Spending(
        tuple(
            OfSender(sender, tuple(one for one in free if one.sender == sender), silent.get(sender.pk))
            for sender in senders
        )
    )


def find(snapshot: Snapshot) -> Iterator[Trouble]:
    for one in snapshot.of(Spending).senders:
        if one.silence is not None:
            yield _unheard_of(one, one.silence)
        for allowance in one.allowances:
            if allowance.is_nearly_used:
                yield _nearly_used(allowance)


def _unheard_of(one: OfSender, silence: Silence) -> Trouble:
    values = {
        "name": isolated(one.sender.name),
        "platform": platform(one.sender.platform).words.name,
        "many": grouped(silence.messages),
        "since": date_format(localtime(silence.since), "j F, H:i").lower(),
    }
    remedy = _(
        "Gli ultimi %(many)s messaggi sono stati accettati, dal %(since)s, e di nessuno è arrivata una ricevuta. Controllare presso "
        "il fornitore che l’account abbia un metodo di pagamento valido: senza, %(platform)s accetta i messaggi e non li "
        "consegna. Poi controllare che il webhook sia collegato."
    )
    if any(allowance.is_used_up for allowance in one.allowances):
        remedy = f"{remedy} {_('I messaggi gratuiti di questo mese sono finiti: è il motivo più probabile.')}"
    return Trouble(
        "sends_unheard_of",
        _("Forse i messaggi di «%(name)s» non arrivano a nessuno") % values,
        remedy % values,
        sender_id=one.sender.pk,
        link=Link(_("Apri il mittente"), "settings:sender", (one.sender.pk,)),
    )


def _nearly_used(allowance: Allowance) -> Trouble:
    values = {
        "name": isolated(allowance.sender.name),
        "used": grouped(allowance.used),
        "most": grouped(allowance.most),
        "nearly": NEARLY,
        "expected": grouped(allowance.expected),
    }
    if allowance.is_used_up:
        title = _("«%(name)s» ha usato le %(most)s risposte gratuite del mese")
        remedy = _(
            "Da qui a fine mese ogni risposta si paga. Controllare che l’account abbia un metodo di pagamento: senza, le risposte "
            "risultano inviate e non arrivano."
        )
    else:
        title = _("«%(name)s» ha usato %(used)s delle %(most)s risposte gratuite del mese")
        remedy = _(
            "È oltre l’%(nearly)d %%; a questo passo a fine mese saranno circa %(expected)s. Poi ogni risposta si paga: controllare che "
            "l’account abbia un metodo di pagamento, altrimenti le risposte risultano inviate e non arrivano."
        )
    return Trouble(
        "free_messages_nearly_used",
        title % values,
        remedy % values,
        person=False,
        sender_id=allowance.sender.pk,
        link=Link(_("Apri i prezzi"), "settings:prices"),
    )
