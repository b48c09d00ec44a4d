# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with the ground: processes, jobs, database, disk; and with what goes out by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _, ngettext

from arengo.core import disk
from arengo.core.condition.sections import Automatic
from arengo.core.console.conditions import Snapshot
from arengo.core.console.troubles import Kind, Trouble
from arengo.core.erasure_words import why_not
from arengo.core.erasures import Left
from arengo.core.machine import Machine

_NIGHTS = timedelta(hours=36)  # in which what was erased should have gone from the database's files
_WITHHELD = (
    20  # automatic messages left out within two hours: below it, somebody pressed a few times too often
)
_NEARLY_ALL = 0.9  # of the database's connections

OF_PROCESSES = (Kind("no_worker"), Kind("no_web"))
OF_AUTOMATIC = (Kind("automatic_withheld"),)
OF_GROUND = (
    Kind("jobs_failed"),
    Kind("migrations_pending"),
    Kind("disk_low"),
    Kind("connections_low"),
    Kind("erasures_late"),
)


def of_processes(snapshot: Snapshot) -> Iterator[Trouble]:
    if not snapshot.of(Machine).alive("worker"):
        yield Trouble(
            "no_worker",
            _("Nessun processo per invii e ricezione è in funzione"),
            _(
                "Nulla parte e nulla di ciò che arriva viene letto; niente va perso. "
                "Chi gestisce il server avvii «arengo up» oppure «arengo worker»."
            ),
        )
    if not snapshot.of(Machine).alive("web"):
        yield Trouble(
            "no_web",
            _("Nessun processo del sito è in funzione"),
            _(
                "Il sito e la console non rispondono e i messaggi dei cittadini non entrano: WhatsApp li ripresenta "
                "per qualche giorno. Chi gestisce il server avvii «arengo up» oppure «arengo web»."
            ),
        )


def of_automatic(snapshot: Snapshot) -> Iterator[Trouble]:
    """More answers by itself than the ceilings allow: somebody plays with it, or a whole town joins."""
    for lately in snapshot.of(Automatic).lately:
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


def of_ground(snapshot: Snapshot) -> Iterator[Trouble]:
    ground = snapshot.of(Machine)
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
    if disk.is_low(ground.disk_free):
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
    yield from _of_erasures(snapshot)


def _of_erasures(snapshot: Snapshot) -> Iterator[Trouble]:
    left = snapshot.of(Left)
    if left.oldest is not None and snapshot.at - left.oldest > _NIGHTS:
        why = why_not(list(left.obstacles)) or _("il lavoro della notte non è stato eseguito")
        yield Trouble(
            "erasures_late",
            _("Dati eliminati sono ancora nei file della banca dati"),
            _("Da due notti non si riesce a toglierli: %(why)s.") % {"why": why},
        )
