# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong in a snapshot of the machine, and what to do about each: the same words on the page and on the command line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from arengo.config.hearing import said
from arengo.config.status import Snapshot
from arengo.core.erasure_words import why_not
from arengo.delivery.status import SenderStatus
from arengo.platforms.registry import platform

_UNOWNED = timedelta(seconds=30)  # a queue waits for an owner; another worker takes over within seconds
_STILL = timedelta(minutes=2)  # a queue of which nothing leaves
_BEHIND = timedelta(minutes=1)  # the journal's oldest row
_LATE = 60  # seconds: receipts
_SLOW = 0.5  # of the rate that the platform grants
_UNANSWERED = 20  # messages accepted a minute ago or more, and no receipt for a quarter of an hour
_LEAST_FREE = 1024**3  # bytes, as in the doctor
_NIGHTS = timedelta(hours=36)  # in which what was erased should have gone from the database's files
_MOVED = timedelta(days=1)  # for so long it is said that another server of the database took over
_WITHHELD = (
    20  # automatic messages left out within two hours: below it, somebody pressed a few times too often
)
_NEARLY_ALL = 0.9  # of the database's connections

# Every kind there is, and whether it needs a person: the metrics show each, also while nothing is wrong.
KINDS = {
    "outbox_withheld": True,
    "database_moved": False,
    "no_worker": True,
    "no_web": True,
    "sender_stopped": True,
    "sender_unowned": True,  # once somebody waits
    "queue_still": True,
    "sender_slowed": False,
    "receipts_missing": True,
    "receipts_late": False,
    "second_responder": True,
    "number_silent": True,
    "journal_behind": True,
    "unread": True,
    "jobs_failed": True,
    "migrations_pending": True,
    "disk_low": True,
    "connections_low": True,
    "erasures_late": True,
    "automatic_withheld": True,
}


@dataclass(frozen=True)
class Trouble:
    """``person``: somebody must act; else it passes by itself and is only good to know. ``sender_id``: whom it concerns."""

    kind: str
    title: str
    remedy: str
    person: bool = True
    sender_id: int | None = None


def troubles(snapshot: Snapshot) -> list[Trouble]:
    """What needs a person first; else in the order of the roads: out, in, ground."""
    found = [*_of_timeline(snapshot), *_of_processes(snapshot)]
    for sender in snapshot.senders:
        found += _of_sender(snapshot, sender)
    found += _of_hearing(snapshot)
    found += _of_journal(snapshot)
    found += _of_automatic(snapshot)
    found += _of_ground(snapshot)
    return sorted(found, key=lambda trouble: not trouble.person)


def in_words(length: timedelta) -> str:
    """«45 s», «3 min», «2 h», «4 giorni»: as exact as somebody who waits wants it."""
    seconds = max(0, math.floor(length.total_seconds()))
    if seconds < 120:
        return _("%(seconds)d s") % {"seconds": seconds}
    if seconds < 7200:
        return _("%(minutes)d min") % {"minutes": seconds // 60}
    if seconds < 172_800:
        return _("%(hours)d h") % {"hours": seconds // 3600}
    days = seconds // 86_400
    return ngettext("%(days)d giorno", "%(days)d giorni", days) % {"days": days}


def _of_timeline(snapshot: Snapshot) -> Iterator[Trouble]:
    undecided, moved_at = snapshot.outlook.undecided, snapshot.outlook.moved_at
    if undecided is not None:
        timeline, count = undecided.timeline, undecided.messages
        waiting = ngettext(
            "%(count)d messaggio che era in coda aspetta: forse è già partito.",
            "%(count)d messaggi che erano in coda aspettano: forse sono già partiti.",
            count,
        ) % {"count": count}
        since = _("La banca dati è tornata a un momento precedente")
        if timeline.lost_from:
            when = date_format(timezone.localtime(timeline.lost_from), "j F Y, H:i").lower()
            since = _("La banca dati è tornata a com’era il %(when)s") % {"when": when}
        remedy = _("%(waiting)s Un amministratore decide in Impostazioni → Dopo un ripristino.")
        nothing = _("Nulla era in coda. Un amministratore lo conferma in Impostazioni → Dopo un ripristino.")
        yield Trouble("outbox_withheld", since, remedy % {"waiting": waiting} if count else nothing)
    if moved_at is not None and snapshot.at - moved_at < _MOVED:
        when = date_format(timezone.localtime(moved_at), "j F, H:i").lower()
        yield Trouble(
            "database_moved",
            _("La banca dati lavora da un altro posto dal %(when)s") % {"when": when},
            _(
                "Una replica ha preso il posto del server, o la banca dati è stata spostata. Per quanto si vede non manca nulla: "
                "gli invii proseguono. Se la replica era in ritardo, le ricevute lo diranno."
            ),
            person=False,
        )


def _of_processes(snapshot: Snapshot) -> Iterator[Trouble]:
    if not snapshot.machine.alive("worker"):
        yield Trouble(
            "no_worker",
            _("Nessun processo per invii e ricezione è in funzione"),
            _(
                "Nulla parte e nulla di ciò che arriva viene letto; niente va perso. "
                "Chi gestisce il server avvii «arengo up» oppure «arengo worker»."
            ),
        )
    if not snapshot.machine.alive("web"):
        yield Trouble(
            "no_web",
            _("Nessun processo del sito è in funzione"),
            _(
                "Il sito e la console non rispondono e i messaggi dei cittadini non entrano: WhatsApp li ripresenta "
                "per qualche giorno. Chi gestisce il server avvii «arengo up» oppure «arengo web»."
            ),
        )


def _of_sender(snapshot: Snapshot, sender: SenderStatus) -> Iterator[Trouble]:
    if not sender.active:
        yield _stopped(sender)
        return
    yield from _of_queue(snapshot, sender)
    name = {"name": sender.name, "platform": platform(sender.platform).words.name}
    if sender.pace is not None and sender.pace < sender.rate * _SLOW:
        pace = {**name, "pace": round(sender.pace), "rate": sender.rate}
        yield Trouble(
            "sender_slowed",
            _("«%(name)s» invia più lentamente: %(platform)s lo ha chiesto") % name,
            _("%(pace)d messaggi al secondo invece di %(rate)d. Il ritmo risale da sé.") % pace,
            person=False,
            sender_id=sender.id,
        )
    none_came = sender.tells_receipts and not sender.receipts.quarter
    if none_came and sender.accepted.quarter - sender.accepted.minute >= _UNANSWERED:
        yield Trouble(
            "receipts_missing",
            _("Non arrivano ricevute per «%(name)s»") % name,
            _(
                "%(platform)s accetta i messaggi ma non dice se vengono consegnati. Controllare che il webhook sia collegato: "
                "Impostazioni → Mittenti → «Collega il webhook»."
            )
            % name,
            sender_id=sender.id,
        )
    elif sender.lag is not None and sender.lag > _LATE:
        yield Trouble(
            "receipts_late",
            _("Le ricevute di «%(name)s» arrivano in ritardo") % name,
            _(
                "I conteggi di consegnati e letti sono indietro; gli invii non ne risentono. Si rimettono in pari da sé."
            ),
            person=False,
            sender_id=sender.id,
        )


def _stopped(sender: SenderStatus) -> Trouble:
    why = platform(sender.platform).explain(sender.stop_code) if sender.stop_code else ""
    said = f"{sender.stop_reason} ({sender.stop_code})" if sender.stop_code > 0 else sender.stop_reason
    after = _("Ciò che è in coda aspetta. Risolto il motivo, riattivarlo in Impostazioni → Mittenti.")
    return Trouble(
        "sender_stopped",
        _("Il mittente «%(name)s» è fermo") % {"name": sender.name},
        " ".join(part for part in (why, said, after) if part),
        sender_id=sender.id,
    )


def _of_queue(snapshot: Snapshot, sender: SenderStatus) -> Iterator[Trouble]:
    if not snapshot.machine.alive("worker"):
        return  # said already
    waits = sender.queue.waiting_for(snapshot.at)
    values = {"name": sender.name, "age": in_words(waits)}
    if sender.owner is None:
        yield Trouble(
            "sender_unowned",
            _("Nessun processo invia per «%(name)s»") % values,
            _(
                "Di solito un processo lo prende in pochi secondi. Se dura, il registro del processo «worker» dice perché: "
                "per esempio le chiavi (ARENGO_VAULT_KEYS) non aprono le credenziali del mittente."
            ),
            person=waits > _UNOWNED,
            sender_id=sender.id,
        )
    elif waits > _STILL and not sender.accepted.minute:
        yield Trouble(
            "queue_still",
            _("Da «%(name)s» non parte nulla da %(age)s") % values,
            _(
                "I messaggi aspettano e nessuno va perso. «arengo doctor» dice se il fornitore risponde e che cosa rifiuta."
            ),
            sender_id=sender.id,
        )


def _of_hearing(snapshot: Snapshot) -> Iterator[Trouble]:
    """Somebody else answers from a number, or a number is silent for longer than usual."""
    names = {sender.id: sender.name for sender in snapshot.senders}
    for noticed in snapshot.responders:
        since = date_format(timezone.localtime(noticed.since), "j F Y, H:i").lower()
        yield Trouble(
            "second_responder",
            _("Un altro risponditore è collegato a questo numero: «%(name)s»")
            % {"name": names.get(noticed.sender_id, "")},
            _(
                "Dal %(since)s WhatsApp gli consegna alcune conversazioni: i cittadini ricevono risposte che il Comune "
                "non ha scritto. Toglierlo in Meta Business Suite; poi un amministratore toglie l’avviso in "
                "Sportello → Un altro risponditore."
            )
            % {"since": since},
            sender_id=noticed.sender_id,
        )
    for silence in snapshot.silences:
        values = {
            "name": names.get(silence.pk, ""),
            "age": in_words(snapshot.at - silence.since),
            "usual": in_words(timedelta(minutes=silence.usual_minutes)),
        }
        usual = _("In questo giorno e a quest’ora di solito non tace più di %(usual)s.") % values
        ends = _("L’avviso finisce da sé con il primo arrivo.")
        yield Trouble(
            "number_silent",
            _("Da «%(name)s» non arriva nulla da %(age)s") % values,
            " ".join(part for part in (usual, said(silence), ends) if part),
            sender_id=silence.pk,
        )


def _of_journal(snapshot: Snapshot) -> Iterator[Trouble]:
    behind = snapshot.journal.behind(snapshot.at)
    if behind > _BEHIND:
        yield Trouble(
            "journal_behind",
            _("La posta in arrivo aspetta di essere letta da %(age)s") % {"age": in_words(behind)},
            _(
                "È già al sicuro nella banca dati. Se non cala, avviare un altro processo con «arengo worker»; "
                "se resta ferma, guardare il registro del processo «worker»."
            ),
        )
    if snapshot.unread:
        words = ngettext(
            "%(count)d arrivo che Arengo non ha saputo leggere",
            "%(count)d arrivi che Arengo non ha saputo leggere",
            snapshot.unread,
        )
        yield Trouble(
            "unread",
            words % {"count": snapshot.unread},
            _(
                "Sono conservati. In Impostazioni → Posta in arrivo non letta: «Rileggi» dopo un aggiornamento di Arengo, "
                "oppure «Archivia»."
            ),
        )


def _of_automatic(snapshot: Snapshot) -> Iterator[Trouble]:
    """More answers by itself than the ceilings allow: somebody plays with it, or a whole town joins."""
    for lately in snapshot.automatic:
        withheld = lately.too_many_to_one + lately.too_many_in_all
        if withheld < _WITHHELD and not lately.waiting:
            continue
        words = ngettext(
            "%(withheld)d risposta automatica non inviata, %(waiting)d in attesa: troppe in poco tempo",
            "%(withheld)d risposte automatiche non inviate, %(waiting)d in attesa: troppe in poco tempo",
            withheld,
        )
        yield Trouble(
            "automatic_withheld",
            words % {"withheld": withheld, "waiting": lately.waiting},
            _(
                "Nelle ultime due ore ne sono partite %(sent)d. I comandi sono stati eseguiti e i primi benvenuti partono da sé. "
                "Se qualcuno scrive a raffica, lo si vede nelle conversazioni; i limiti e gli interruttori sono in "
                "Impostazioni → Risposte automatiche."
            )
            % {"sent": lately.sent},
            person=withheld >= _WITHHELD,
        )


def _of_ground(snapshot: Snapshot) -> Iterator[Trouble]:
    ground = snapshot.machine
    if ground.jobs_failed_lately:
        words = ngettext(
            "%(count)d lavoro non riuscito nell’ultimo giorno",
            "%(count)d lavori non riusciti nell’ultimo giorno",
            ground.jobs_failed_lately,
        )
        yield Trouble(
            "jobs_failed",
            words % {"count": ground.jobs_failed_lately},
            _(
                "Il registro del processo «worker» dice quali e perché. L’avviso scompare dopo un giorno senza altri."
            ),
        )
    if ground.migrations_pending:
        yield Trouble(
            "migrations_pending",
            _("Le tabelle della banca dati non sono aggiornate"),
            _("Il programma è più nuovo: eseguire «arengo migrate», poi riavviare."),
        )
    if ground.disk_free < _LEAST_FREE:
        yield Trouble(
            "disk_low",
            _("Il disco è quasi pieno"),
            _("Restano %(free)d MB: liberare spazio o spostare la cartella dei dati (ARENGO_DATA).")
            % {"free": ground.disk_free // 1024**2},
        )
    if ground.connections > ground.most_connections * _NEARLY_ALL:
        yield Trouble(
            "connections_low",
            _("Le connessioni alla banca dati stanno finendo"),
            _("%(used)d su %(most)d: alzare «max_connections» di PostgreSQL o avviare meno processi.")
            % {"used": ground.connections, "most": ground.most_connections},
        )
    erased = snapshot.erased
    if erased.oldest is not None and snapshot.at - erased.oldest > _NIGHTS:
        why = why_not(list(erased.obstacles)) or _("il lavoro della notte non è stato eseguito")
        yield Trouble(
            "erasures_late",
            _("Dati eliminati sono ancora nei file della banca dati"),
            _("Da due notti non si riesce a toglierli: %(why)s.") % {"why": why},
        )
