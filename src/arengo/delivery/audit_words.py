# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.delivery.models import Sender

_VERBS = {
    "delivery.added_price": _("ha aggiunto un prezzo"),
    "delivery.added_sender": _("ha aggiunto un mittente"),
    "delivery.changed_sender": _("ha cambiato un mittente"),
    "delivery.created_templates": _("ha inviato modelli a Meta per l’approvazione"),
    "delivery.dropped_withheld": _("ha annullato messaggi trattenuti dopo un ripristino"),
    "delivery.notice": _("ha ricevuto un avviso dalla piattaforma"),
    "delivery.read_timeline": _("ha letto che la banca dati è tornata a un momento precedente"),
    "delivery.released_withheld": _("ha inviato messaggi trattenuti dopo un ripristino"),
    "delivery.removed_price": _("ha tolto un prezzo"),
    "delivery.renewed_template": _("ha rifatto un modello presso Meta"),
    "delivery.resumed": _("ha riattivato un mittente"),
    "delivery.stopped": _("ha fermato un mittente"),
    "delivery.subscribed_webhook": _("ha collegato il webhook"),
    "delivery.synced_templates": _("ha aggiornato l’elenco dei modelli"),
    "delivery.tried_sender": _("ha provato il collegamento di un mittente"),
}
_DETAILS = {
    "category": _("categoria"),
    "code": _("codice"),
    "kind": _("quale"),
    "names": _("quali"),
    "severity": _("gravità"),
    "summary": _("avviso"),
    "worked": _("riuscito"),
}
_VALUES = {
    "info": _("informazione"),
    "warning": _("attenzione"),
    "stop": _("ferma l’invio"),
}


def _senders(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("mittente %(name)s") % {"name": isolated(each.name)},
            reverse("settings:sender", args=[each.pk]),
        )
        for each in Sender.objects.filter(pk__in=ids)
    }


def _prices(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        pk: Named(gettext("prezzo %(number)s") % {"number": pk}, reverse("settings:prices")) for pk in ids
    }


def _mailings(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        pk: Named(gettext("invio %(number)s") % {"number": pk}, reverse("settings:withheld")) for pk in ids
    }


def register() -> None:
    log_entries.room("delivery", _("mittenti, modelli, prezzi"), order=50)
    log_entries.verbs(_VERBS)
    log_entries.details("delivery", _DETAILS)
    log_entries.values("delivery", _VALUES)
    log_entries.objects("delivery.Sender", _("mittente"), _senders)
    log_entries.objects("delivery.Price", _("prezzo"), _prices)
    log_entries.objects("delivery.Fanout", _("invio"), _mailings)
