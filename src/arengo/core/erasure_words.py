# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When what was erased is gone from PostgreSQL's own files too, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.models import Erasure
from arengo.core.rewriting import STATISTICS, next_run

_WHY = {
    "busy": gettext_lazy("una tabella era in uso (%(table)s)"),
    "denied": gettext_lazy(
        "il ruolo di Arengo non può riscrivere una tabella: la riscriva chi gestisce la banca dati (%(table)s)"
    ),
    "large": gettext_lazy(
        "una tabella è troppo grande per riscriverla da sola: per una notte chi gestisce il server alzi "
        "ARENGO_REWRITE_MOST_MB (%(table)s)"
    ),
    "log": gettext_lazy("PostgreSQL non ha ancora tolto i vecchi file del suo registro (WAL)"),
    "recycled": gettext_lazy(
        "PostgreSQL riusa i vecchi file del suo registro (WAL): chi gestisce la banca dati imposti wal_recycle=off"
    ),
    "slots": gettext_lazy("una replica trattiene il registro di PostgreSQL (WAL)"),
    "slow": gettext_lazy("riscrivere una tabella ha richiesto troppo tempo (%(table)s)"),
    "snapshot": gettext_lazy("era in corso una lettura più vecchia, per esempio un backup"),
    "space": gettext_lazy("manca spazio sul disco per riscrivere una tabella (%(table)s)"),
}


@dataclass(frozen=True)
class Progress:
    """``gone``: nothing is left in the files."""

    gone: bool
    text: str


def progress(note: Erasure, now: datetime | None = None) -> Progress:
    now = now or timezone.now()
    if note.gone_at is not None:
        return Progress(
            True, _("Sparito anche dai file della banca dati: %(when)s.") % {"when": _when(note.gone_at, now)}
        )
    until = _("Dai file della banca dati sparisce con il lavoro della notte: %(when)s.") % {
        "when": _when(next_run(now), now)
    }
    if note.obstacles:
        why = _("L’ultima volta non è riuscito: %(why)s.") % {"why": why_not(note.obstacles)}
        return Progress(False, f"{until} {why}")
    return Progress(False, until)


def why_not(obstacles: list[str]) -> str:
    """Each reason once, with the tables that it concerns."""
    tables: dict[str, list[str]] = {}
    for obstacle in obstacles:
        kind, _colon, table = obstacle.partition(":")
        tables.setdefault(kind, []).append(table or STATISTICS)
    return "; ".join(
        str(_WHY.get(kind, kind)) % {"table": ", ".join(names)} for kind, names in tables.items()
    )


def _when(moment: datetime, now: datetime) -> str:
    """«oggi alle 3:30», «domani alle 3:30», «il 29 novembre 2026 alle 3:30»."""
    local = timezone.localtime(moment)
    clock = {"clock": date_format(local, "H:i"), "day": date_format(local, "j F Y").lower()}
    days = (local.date() - timezone.localtime(now).date()) // timedelta(days=1)
    if days == 0:
        return _("oggi alle %(clock)s") % clock
    return _("domani alle %(clock)s") % clock if days == 1 else _("il %(day)s alle %(clock)s") % clock
