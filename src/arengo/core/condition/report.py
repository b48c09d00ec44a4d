# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ground in figures on the page, in lines on the command line, and as data."""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from arengo.core.console.conditions import Snapshot
from arengo.core.console.reports import Figure, Panel, Part, Report, Text, Word, grouped, number
from arengo.core.erasures import Left
from arengo.core.machine import Machine
from arengo.core.rewriting import next_run
from arengo.core.time_words import when


def page(snapshot: Snapshot) -> Part:
    ground = snapshot.of(Machine)
    failed = {"failed": number(ground.jobs_failed_lately)}
    figures = [
        Figure(_("Processi per invii e ricezione"), number(ground.alive("worker"))),
        Figure(_("Processi del sito"), number(ground.alive("web"))),
        Figure(
            _("Lavori"),
            number(ground.jobs["todo"] + ground.jobs["doing"]),
            _("in attesa o in corso; %(failed)s non riusciti nell’ultimo giorno") % failed,
        ),
        Figure(
            _("Banca dati"),
            filesizeformat(ground.database_bytes),
            _("tabelle aggiornate") if not ground.migrations_pending else _("tabelle da aggiornare"),
        ),
        Figure(
            _("Connessioni alla banca dati"),
            number(ground.connections),
            _("su %(most)s") % {"most": number(ground.most_connections)},
        ),
        Figure(_("Spazio libero sul disco"), filesizeformat(ground.disk_free)),
    ]
    return Part(
        "ground",
        _("Programma e macchina"),
        (Panel((*figures, *_of_erasures(snapshot))),),
        (
            Word(
                _("Lavori"),
                _("Compiti in secondo piano: preparare un invio, scaricare una foto, fare pulizia."),
            ),
        ),
    )


def _of_erasures(snapshot: Snapshot) -> list[Figure]:
    """Only while something waits for the night."""
    left = snapshot.of(Left)
    if not left.count:
        return []
    night = {"when": when(next_run(snapshot.at), snapshot.at)}
    return [
        Figure(
            _("Eliminazioni"),
            number(left.count),
            _("spariscono dai file della banca dati %(when)s") % night,
        )
    ]


def text(snapshot: Snapshot) -> Text:
    ground = snapshot.of(Machine)
    jobs = {name: grouped(count) for name, count in ground.jobs.items()}
    jobs["lately"] = grouped(ground.jobs_failed_lately)
    database = {
        "size": f"{ground.database_bytes / 1024**2:.0f} MB",
        "used": grouped(ground.connections),
        "most": grouped(ground.most_connections),
    }
    processes = {"worker": grouped(ground.alive("worker")), "web": grouped(ground.alive("web"))}
    names = ", ".join(process.name for process in ground.processes)
    return Text(
        lines=(
            (
                _("Processi"),
                _("invii e ricezione %(worker)s, sito %(web)s") % processes
                + (f" ({names})" if names else ""),
            ),
            (
                _("Lavori"),
                _(
                    "in attesa %(todo)s, in corso %(doing)s, non riusciti %(failed)s (nell'ultimo giorno %(lately)s)"
                )
                % jobs,
            ),
            (_("Banca dati"), _("%(size)s, connessioni %(used)s su %(most)s") % database),
            (_("Disco"), _("%(free)s MB liberi") % {"free": grouped(ground.disk_free // 1024**2)}),
        )
    )


def data(snapshot: Snapshot) -> dict[str, Any]:
    ground = snapshot.of(Machine)
    return {
        "processes": [
            {"name": each.name, "kind": each.kind, "began_at": each.began_at, "seen_at": each.at}
            for each in ground.processes
        ],
        "jobs": {**ground.jobs, "failed_last_day": ground.jobs_failed_lately},
        "database": {
            "bytes": ground.database_bytes,
            "connections": ground.connections,
            "connections_limit": ground.most_connections,
            "migrations_pending": ground.migrations_pending,
            "largest_tables": [
                {"name": table.name, "bytes": table.bytes, "rows_estimate": table.rows}
                for table in ground.tables
            ],
        },
        "disk_free_bytes": ground.disk_free,
    }


REPORT = Report(page, text, data)
