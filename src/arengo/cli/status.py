# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the whole installation is doing now, for a person to read or for a program (``--json``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from arengo.config import environment

from .doctor import migrations
from .prepared import prepared
from .words import Refused, _, say

if TYPE_CHECKING:
    from arengo.config.status import Snapshot
    from arengo.config.troubles import Trouble
    from arengo.delivery.status import SenderStatus


def tell(*, as_json: bool) -> int:
    """Print it. 0 when nobody needs to do anything, else 1; Refused when it cannot be known."""
    with prepared():
        from django.db import DatabaseError
        from django.utils import translation

        try:
            pending = migrations()
            if pending.remedy:
                raise Refused(f"{pending.what}: {pending.remedy}")
            with translation.override(environment.value("ARENGO_LANGUAGE")[:2]):
                return _tell(as_json=as_json)
        except DatabaseError as error:
            words = _("la banca dati non risponde (%(reason)s): controllare DATABASE_URL")
            raise Refused(words % {"reason": str(error).splitlines()[0]}) from error


def _tell(*, as_json: bool) -> int:
    import msgspec

    from arengo.config import status
    from arengo.config.troubles import troubles
    from arengo.core.scope import every_organization

    with every_organization("who runs the installation looks at all of it"):
        snapshot = status.read()
    found = troubles(snapshot)
    if as_json:
        say(msgspec.json.format(msgspec.json.encode(as_data(snapshot, found)).decode(), indent=2))
    else:
        for line in as_text(snapshot, found):
            say(line)
    return 1 if any(trouble.person for trouble in found) else 0


# --- for a program ---


def as_data(snapshot: Snapshot, found: Sequence[Trouble]) -> dict[str, Any]:
    """Plain values; the names stay as they are from version to version."""
    journal, ground = snapshot.journal, snapshot.machine
    return {
        "at": snapshot.at,
        "ok": not any(trouble.person for trouble in found),
        "troubles": [
            {
                "kind": trouble.kind,
                "needs_a_person": trouble.person,
                "title": trouble.title,
                "remedy": trouble.remedy,
                "sender": trouble.sender_id,
            }
            for trouble in found
        ],
        "senders": [_sender_data(snapshot, sender) for sender in snapshot.senders],
        "journal": {
            "waiting": journal.waiting,
            "waiting_is": "about" if journal.about else "exact",
            "oldest_waiting_seconds": round(journal.behind(snapshot.at).total_seconds(), 1),
            "marked": snapshot.unread,
            "read_last_minute": journal.read.minute,
        },
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


def _sender_data(snapshot: Snapshot, sender: SenderStatus) -> dict[str, Any]:
    from arengo.core.tally import BOUNDS

    queue = sender.queue
    return {
        "id": sender.id,
        "name": sender.name,
        "organization": sender.organization_slug,
        "active": sender.active,
        "stop_code": sender.stop_code,
        "stop_reason": sender.stop_reason,
        "owner": sender.owner,
        "epoch": sender.epoch,
        "rate": sender.rate,
        "pace": sender.pace,
        "in_flight": sender.sight.in_flight if sender.sight else None,
        "ready": {urgency.name.lower(): number for urgency, number in queue.ready.items()},
        "ready_is": queue.ready_sure.value,
        "oldest_ready_seconds": round(queue.waiting_for(snapshot.at).total_seconds(), 1),
        "later": queue.later,
        "later_is": queue.later_sure.value,
        "later_held": queue.held,
        "later_from": queue.later_from,
        "claimed": queue.claimed,
        "uncertain": queue.uncertain,
        "accepted_last_minute": sender.accepted.minute,
        "receipts_last_minute": sender.receipts.minute,
        "receipts_not_ours_last_quarter": sender.strangers.quarter,
        "receipt_lag_seconds": None
        if sender.lag is None
        else min(sender.lag, BOUNDS[-1]),  # JSON has no infinity
    }


# --- for a person ---

_SURE = {"exact": "", "about": "~", "at_least": "≥"}


def as_text(snapshot: Snapshot, found: Sequence[Trouble]) -> list[str]:
    from django.utils import timezone

    lines = [_("Arengo, stato alle %(clock)s") % {"clock": f"{timezone.localtime(snapshot.at):%H:%M:%S}"}, ""]
    if snapshot.senders:
        lines += [*_table(_senders(snapshot)), ""]
    else:
        lines += [_("Nessun mittente ancora configurato."), ""]
    lines += [*_table(_rest(snapshot), plain=True), ""]
    wrong = [trouble for trouble in found if trouble.person]
    lines.append(_("Da sistemare: %(count)d") % {"count": len(wrong)} if wrong else _("Tutto a posto."))
    for trouble in found:
        lines += [f"  {'NO' if trouble.person else '··'}  {trouble.title}", f"      {trouble.remedy}"]
    return lines


def _senders(snapshot: Snapshot) -> list[list[str]]:
    head = [_("MITTENTE"), _("ENTE"), _("STATO"), _("RITMO"), _("IN CODA"), _("RIMANDATI"), _("IN VIAGGIO")]
    head += [_("INCERTI"), _("ACCETTATI/MIN"), _("RICEVUTE/MIN"), _("RITARDO"), _("PROCESSO")]
    rows = [head]
    for sender in snapshot.senders:
        queue = sender.queue
        rows.append(
            [
                sender.name,
                sender.organization_slug,
                _("attivo") if sender.active else _("fermo"),
                f"{'–' if sender.pace is None else _number(round(sender.pace))} / {_number(sender.rate)}",
                _SURE[queue.ready_sure] + _number(queue.depth),
                _SURE[queue.later_sure] + _number(queue.later),
                _number(queue.claimed),
                _number(queue.uncertain),
                _number(sender.accepted.minute),
                _number(sender.receipts.minute),
                _lag(sender.lag),
                sender.owner or "–",
            ]
        )
    return rows


def _lag(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return "> 1 h" if seconds > 3600 else f"≤ {seconds:.0f} s"


def _rest(snapshot: Snapshot) -> list[list[str]]:
    journal, ground = snapshot.journal, snapshot.machine
    values = {
        "waiting": ("~" if journal.about else "") + _number(journal.waiting),
        "age": f"{journal.behind(snapshot.at).total_seconds():.0f} s",
        "read": _number(journal.read.minute),
        "marked": _number(snapshot.unread),
    }
    jobs = {name: _number(number) for name, number in ground.jobs.items()}
    jobs["lately"] = _number(ground.jobs_failed_lately)
    database = {
        "size": f"{ground.database_bytes / 1024**2:.0f} MB",
        "used": _number(ground.connections),
        "most": _number(ground.most_connections),
    }
    processes = {"worker": _number(ground.alive("worker")), "web": _number(ground.alive("web"))}
    names = ", ".join(process.name for process in ground.processes)
    return [
        [
            _("Posta in arrivo"),
            _(
                "da leggere %(waiting)s (la prima da %(age)s), lette nell'ultimo minuto %(read)s, non capite %(marked)s"
            )
            % values,
        ],
        [
            _("Processi"),
            _("invii e ricezione %(worker)s, sito %(web)s") % processes + (f" ({names})" if names else ""),
        ],
        [
            _("Lavori"),
            _(
                "in attesa %(todo)s, in corso %(doing)s, non riusciti %(failed)s (nell'ultimo giorno %(lately)s)"
            )
            % jobs,
        ],
        [_("Banca dati"), _("%(size)s, connessioni %(used)s su %(most)s") % database],
        [_("Disco"), _("%(free)s MB liberi") % {"free": _number(ground.disk_free // 1024**2)}],
    ]


def _number(value: int) -> str:
    from django.utils.formats import number_format

    return str(number_format(value, force_grouping=True))


def _table(rows: Sequence[Sequence[str]], *, plain: bool = False) -> list[str]:
    """Columns as wide as their longest word; figures to the right. ``plain``: all to the left."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    figures = [] if plain else range(3, len(widths) - 1)
    return [
        "  ".join(
            cell.rjust(widths[column]) if column in figures else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
