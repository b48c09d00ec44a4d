# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal in figures on the page, in a line on the command line, and as data."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core.console.conditions import Snapshot
from arengo.core.console.reports import Figure, Panel, Part, Report, Sure, Text, Word, grouped, number, short
from arengo.core.time_words import in_words
from arengo.intake.status import JournalStatus


def page(snapshot: Snapshot) -> Part:
    journal = snapshot.of(JournalStatus)
    behind = journal.behind(snapshot.at)
    figures = [
        Figure(
            _("Da leggere"),
            number(journal.waiting, _sure(journal)),
            _("il primo aspetta da %(age)s") % {"age": in_words(behind)} if journal.waiting else _("in pari"),
        ),
        Figure(_("Letti"), number(journal.read.minute), _("nell’ultimo minuto")),
        Figure(
            _("Non capiti"),
            number(journal.unread),
            _("da guardare") if journal.unread else "",
            reverse("settings:unread") if journal.unread else "",
        ),
    ]
    return Part(
        "arriving",
        _("Posta in arrivo"),
        (Panel(tuple(figures)),),
        (
            Word(
                _("Da leggere"),
                _(
                    "Ciò che è arrivato da WhatsApp, di tutta l’installazione: è già al sicuro, aspetta di essere letto e mostrato."
                ),
            ),
            Word(
                _("Non capiti"),
                _("Arrivi conservati di cui Arengo non ha saputo leggere una parte. Non fermano gli altri."),
            ),
        ),
    )


def _sure(journal: JournalStatus) -> Sure:
    return Sure.ABOUT if journal.about else Sure.EXACT


def text(snapshot: Snapshot) -> Text:
    journal = snapshot.of(JournalStatus)
    values = {
        "waiting": short(journal.waiting, _sure(journal)),
        "age": f"{journal.behind(snapshot.at).total_seconds():.0f} s",
        "read": grouped(journal.read.minute),
        "marked": grouped(journal.unread),
    }
    words = _(
        "da leggere %(waiting)s (la prima da %(age)s), lette nell'ultimo minuto %(read)s, non capite %(marked)s"
    )
    return Text(lines=((_("Posta in arrivo"), words % values),))


def data(snapshot: Snapshot) -> dict[str, Any]:
    journal = snapshot.of(JournalStatus)
    return {
        "journal": {
            "waiting": journal.waiting,
            "waiting_is": _sure(journal).value,
            "oldest_waiting_seconds": round(journal.behind(snapshot.at).total_seconds(), 1),
            "marked": journal.unread,
            "read_last_minute": journal.read.minute,
        }
    }


REPORT = Report(page, text, data)
