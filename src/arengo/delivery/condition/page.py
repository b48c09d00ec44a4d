# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scope's senders on *Stato del servizio*: a panel each, with the words that explain its figures."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.utils.translation import gettext as _, npgettext

from arengo.core.console.conditions import Snapshot
from arengo.core.console.reports import Figure, Panel, Part, State, Word, number
from arengo.core.time_words import in_words, when
from arengo.delivery.condition.sections import Senders
from arengo.delivery.models import Urgency
from arengo.delivery.senders.status import Queue, SenderStatus


def page(snapshot: Snapshot) -> Part:
    return Part(
        "senders",
        _("Numeri dell’ente"),
        tuple(
            Panel(tuple(_figures(sender, snapshot.at)), sender.name, _state(sender))
            for sender in snapshot.of(Senders).all
        ),
        _words(),
        _("Nessun numero ancora: si aggiungono in Impostazioni → Mittenti."),
    )


def _state(sender: SenderStatus) -> State:
    if not sender.active:
        return State("danger", _("fermo"))
    if sender.owner:
        return State("success", _("attivo"))
    return State("warning", _("in attesa di un processo"))


def _figures(sender: SenderStatus, now: datetime) -> list[Figure]:
    queue = sender.queue
    return [
        Figure(_("Ritmo"), _pace(sender), _pace_note(sender)),
        Figure(_("In coda"), number(queue.depth, queue.ready_sure), _queue_note(queue, now)),
        Figure(_("Rimandati"), number(queue.later, queue.later_sure), _later_note(queue, now)),
        Figure(_("In viaggio"), number(queue.claimed)),
        Figure(
            _("Esito incerto"),
            number(queue.uncertain),
            _("aspettano una ricevuta") if queue.uncertain else "",
        ),
        Figure(_("Accettati da WhatsApp"), number(sender.accepted.minute), _("nell’ultimo minuto")),
        Figure(_("Ricevute"), number(sender.receipts.minute), _lag(sender.lag)),
        Figure(
            _("Ricevute non nostre"),
            number(sender.strangers.quarter),
            _("in un quarto d’ora, di messaggi che Arengo non ha mandato: non cambiano nulla"),
        ),
    ]


def _pace(sender: SenderStatus) -> str:
    if sender.pace is None:
        return "–"
    return _("%(pace)s al secondo") % {"pace": number(round(sender.pace))}


def _pace_note(sender: SenderStatus) -> str:
    if sender.owner is None:
        return _("nessun processo invia per questo numero") if sender.active else _("fermo")
    if sender.pace is not None and sender.pace < sender.rate * 0.99:
        return _("rallentato: ne sono consentiti %(rate)s") % {"rate": number(sender.rate)}
    return _("il massimo consentito")


def _queue_note(queue: Queue, now: datetime) -> str:
    if not queue.depth:
        return ""
    alerts, replies, news = (queue.ready.get(urgency, 0) for urgency in Urgency)
    words = (
        (alerts, npgettext("in the queue", "%(n)s allerta", "%(n)s allerte", alerts)),
        (replies, npgettext("in the queue", "%(n)s risposta", "%(n)s risposte", replies)),
        (news, npgettext("in the queue", "%(n)s notizia", "%(n)s notizie", news)),
    )
    parts = [word % {"n": number(count)} for count, word in words if count]
    return _("%(parts)s; il primo aspetta da %(age)s") % {
        "parts": ", ".join(parts),
        "age": in_words(queue.waiting_for(now)),
    }


def _later_note(queue: Queue, now: datetime) -> str:
    if queue.later_from is None:
        return ""
    first = {"when": when(queue.later_from, now)}
    if queue.held:
        return _("per il limite di persone al giorno; il primo riparte %(when)s") % first
    return _("il primo riparte %(when)s") % first


def _lag(seconds: float | None) -> str:
    if seconds is None:
        return _("nessuna nell’ultimo minuto")
    if math.isinf(seconds):
        return _("nell’ultimo minuto; in ritardo di più di un’ora")
    return _("nell’ultimo minuto; applicate entro %(length)s") % {
        "length": in_words(timedelta(seconds=seconds))
    }


def _words() -> tuple[Word, ...]:
    return (
        Word(
            _("Ritmo"),
            _(
                "Quanti messaggi al secondo può inviare il numero. Se WhatsApp chiede di rallentare, Arengo dimezza e poi risale da sé."
            ),
        ),
        Word(
            _("In coda"),
            _(
                "Messaggi pronti a partire. Le allerte passano davanti alle risposte, le risposte alle notizie."
            ),
        ),
        Word(
            _("Rimandati"),
            _(
                "Messaggi che riprovano più tardi: WhatsApp ha chiesto di aspettare, o è stato raggiunto il limite di persone al giorno."
            ),
        ),
        Word(_("In viaggio"), _("Messaggi presi da un processo e in partenza in questo momento.")),
        Word(
            _("Esito incerto"),
            _(
                "Il collegamento è caduto mentre il messaggio partiva. Arengo aspetta un minuto la ricevuta; "
                "poi ripete soltanto le allerte, per non scrivere due volte."
            ),
        ),
        Word(
            _("Ricevute"),
            _(
                "WhatsApp dice se un messaggio è stato inviato, consegnato, letto. Il tempo va dal momento che indica WhatsApp "
                "a quando il conteggio è aggiornato qui, per 95 ricevute su 100."
            ),
        ),
    )
