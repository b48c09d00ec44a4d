# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stato del servizio: what Arengo is doing now, in plain words, and what to do where something is wrong.

The organization's own numbers; of processes, journal and database only what names nobody. Each room tells its own part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from arengo.core.console import conditions
from arengo.core.console.reports import Part, reports
from arengo.core.console.settings_access import setting, show
from arengo.core.console.troubles import Trouble, troubles
from arengo.core.screens import Screen, render_screen

_STILL = "fermo"  # in the address


@dataclass(frozen=True)
class Status:
    at: datetime
    troubles: list[Trouble]
    parts: list[Part]

    @property
    def calm(self) -> bool:
        """Nobody has to act."""
        return not any(trouble.person for trouble in self.troubles)


@dataclass(frozen=True)
class StatusNow(Screen):
    status: Status


@dataclass(frozen=True)
class StatusPage(Screen):
    """Beside StatusNow. ``still``: it does not ask again by itself."""

    still: bool


@setting()
def status_page(request: HttpRequest) -> HttpResponse:
    return show(request, "monitoring/status.html", StatusNow(_status()), StatusPage(_STILL in request.GET))


@setting()
def status_now(request: HttpRequest) -> HttpResponse:
    """The figures alone: the page asks for them every few seconds."""
    return render_screen(request, "monitoring/status_now.html", StatusNow(_status()))


def _status() -> Status:
    snapshot = conditions.read()
    return Status(snapshot.at, troubles(snapshot), [report.page(snapshot) for report in reports()])
