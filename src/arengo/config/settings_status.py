# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stato del servizio: what Arengo is doing now, in plain words, and what to do where something is wrong.

The organization's own numbers; of processes, journal and database only what names nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _, ngettext

from arengo.config import status
from arengo.config.status import Snapshot
from arengo.config.troubles import Trouble, in_words, troubles
from arengo.core.console.settings_access import setting, show
from arengo.core.rewriting import next_run
from arengo.delivery.models import Urgency
from arengo.delivery.status import Queue, SenderStatus, Sure

_AT_SENDER = ("sender_stopped", "receipts_missing", "number_silent")  # mended on the sender's page


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Alarm:
    """A trouble with the page where it is mended."""

    trouble: Trouble
    url: str = ""
    link: str = ""


@setting()
def status_page(request: HttpRequest) -> HttpResponse:
    return show(request, "settings/status.html", {**_context(), "still": "fermo" in request.GET})


@setting()
def status_now(request: HttpRequest) -> HttpResponse:
    """The figures alone: the page asks for them every few seconds."""
    return render(request, "settings/status_now.html", _context())


def _context() -> dict[str, object]:
    snapshot = status.read()
    found = [_alarm(trouble) for trouble in troubles(snapshot)]
    return {
        "at": snapshot.at,
        "alarms": found,
        "calm": not any(alarm.trouble.person for alarm in found),
        "senders": [(sender, _of_sender(sender, snapshot.at)) for sender in snapshot.senders],
        "arriving": _arriving(snapshot),
        "ground": _ground(snapshot),
    }


def _alarm(trouble: Trouble) -> Alarm:
    if trouble.sender_id is not None and trouble.kind in _AT_SENDER:
        return Alarm(trouble, reverse("settings:sender", args=[trouble.sender_id]), _("Apri il mittente"))
    if trouble.kind == "outbox_withheld":
        return Alarm(trouble, reverse("settings:withheld"), _("Guarda e decidi"))
    if trouble.kind == "second_responder":
        return Alarm(trouble, reverse("desk:responder"), _("Che cosa fare"))
    if trouble.kind == "unread":
        return Alarm(trouble, reverse("settings:unread"), _("Apri la posta in arrivo non letta"))
    return Alarm(trouble)


def _number(value: int, sure: Sure = Sure.EXACT) -> str:
    written = {"number": number_format(value, force_grouping=True)}
    if sure is Sure.ABOUT:
        return _("circa %(number)s") % written
    return _("almeno %(number)s") % written if sure is Sure.AT_LEAST else written["number"]


def _of_sender(sender: SenderStatus, now: datetime) -> list[Figure]:
    queue = sender.queue
    return [
        Figure(_("Ritmo"), _pace(sender), _pace_note(sender)),
        Figure(_("In coda"), _number(queue.depth, queue.ready_sure), _queue_note(queue, now)),
        Figure(_("Rimandati"), _number(queue.later, queue.later_sure), _later_note(queue, now)),
        Figure(_("In viaggio"), _number(queue.claimed)),
        Figure(
            _("Esito incerto"),
            _number(queue.uncertain),
            _("aspettano una ricevuta") if queue.uncertain else "",
        ),
        Figure(_("Accettati da WhatsApp"), _number(sender.accepted.minute), _("nell’ultimo minuto")),
        Figure(_("Ricevute"), _number(sender.receipts.minute), _lag(sender.lag)),
        Figure(
            _("Ricevute non nostre"),
            _number(sender.strangers.quarter),
            _("in un quarto d’ora, di messaggi che Arengo non ha mandato: non cambiano nulla"),
        ),
    ]


def _pace(sender: SenderStatus) -> str:
    if sender.pace is None:
        return "–"
    return _("%(pace)s al secondo") % {"pace": _number(round(sender.pace))}


def _pace_note(sender: SenderStatus) -> str:
    if sender.owner is None:
        return _("nessun processo invia per questo numero") if sender.active else _("fermo")
    if sender.pace is not None and sender.pace < sender.rate * 0.99:
        return _("rallentato: ne sono consentiti %(rate)s") % {"rate": _number(sender.rate)}
    return _("il massimo consentito")


def _queue_note(queue: Queue, now: datetime) -> str:
    if not queue.depth:
        return ""
    alerts, replies, news = (queue.ready.get(urgency, 0) for urgency in Urgency)
    words = (
        (alerts, ngettext("%(n)s allerta", "%(n)s allerte", alerts)),
        (replies, ngettext("%(n)s risposta", "%(n)s risposte", replies)),
        (news, ngettext("%(n)s notizia", "%(n)s notizie", news)),
    )
    parts = [word % {"n": _number(number)} for number, word in words if number]
    return _("%(parts)s; il primo aspetta da %(age)s") % {
        "parts": ", ".join(parts),
        "age": in_words(queue.waiting_for(now)),
    }


def _later_note(queue: Queue, now: datetime) -> str:
    if queue.later_from is None:
        return ""
    when = {"when": _when(queue.later_from, now)}
    if queue.held:
        return _("per il limite di persone al giorno; il primo riparte %(when)s") % when
    return _("il primo riparte %(when)s") % when


def _when(moment: datetime, now: datetime) -> str:
    """«alle 14:30», «il 23 novembre alle 6:00»."""
    local = timezone.localtime(moment)
    clock = date_format(local, "H:i")
    if local.date() == timezone.localtime(now).date():
        return _("alle %(clock)s") % {"clock": clock}
    return _("il %(day)s alle %(clock)s") % {"day": date_format(local, "j F").lower(), "clock": clock}


def _lag(seconds: float | None) -> str:
    if seconds is None:
        return _("nessuna nell’ultimo minuto")
    if math.isinf(seconds):
        return _("nell’ultimo minuto; in ritardo di più di un’ora")
    return _("nell’ultimo minuto; applicate entro %(length)s") % {
        "length": in_words(timedelta(seconds=seconds))
    }


def _arriving(snapshot: Snapshot) -> list[Figure]:
    journal = snapshot.journal
    behind = journal.behind(snapshot.at)
    return [
        Figure(
            _("Da leggere"),
            _number(journal.waiting, Sure.ABOUT if journal.about else Sure.EXACT),
            _("il primo aspetta da %(age)s") % {"age": in_words(behind)} if journal.waiting else _("in pari"),
        ),
        Figure(_("Letti"), _number(journal.read.minute), _("nell’ultimo minuto")),
        Figure(
            _("Non capiti"),
            _number(snapshot.unread),
            _("da guardare") if snapshot.unread else "",
            reverse("settings:unread") if snapshot.unread else "",
        ),
    ]


def _ground(snapshot: Snapshot) -> list[Figure]:
    ground = snapshot.machine
    jobs = ground.jobs
    return [
        Figure(_("Processi per invii e ricezione"), _number(ground.alive("worker"))),
        Figure(_("Processi del sito"), _number(ground.alive("web"))),
        Figure(
            _("Lavori"),
            _number(jobs["todo"] + jobs["doing"]),
            _("in attesa o in corso; %(failed)s non riusciti nell’ultimo giorno")
            % {"failed": _number(ground.jobs_failed_lately)},
        ),
        Figure(
            _("Banca dati"),
            filesizeformat(ground.database_bytes),
            _("tabelle aggiornate") if not ground.migrations_pending else _("tabelle da aggiornare"),
        ),
        Figure(
            _("Connessioni alla banca dati"),
            _number(ground.connections),
            _("su %(most)s") % {"most": _number(ground.most_connections)},
        ),
        Figure(_("Spazio libero sul disco"), filesizeformat(ground.disk_free)),
        *_erased(snapshot),
    ]


def _erased(snapshot: Snapshot) -> list[Figure]:
    """Only while something waits for the night."""
    if not snapshot.erased.count:
        return []
    when = {"when": _when(next_run(snapshot.at), snapshot.at)}
    return [
        Figure(
            _("Eliminazioni"),
            _number(snapshot.erased.count),
            _("spariscono dai file della banca dati %(when)s") % when,
        )
    ]
