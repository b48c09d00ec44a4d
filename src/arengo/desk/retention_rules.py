# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from arengo.audience.retention import staying
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.desk import aging, privacy, references

MESSAGES_KEPT = timedelta(days=365)  # italia.md 6.1: chats 12 months, then anonymous
FILES_KEPT = timedelta(days=90)  # italia.md 6.1: media 90 days


def register() -> None:
    staying.register("messages", aging.still_said)
    personal_data.register(
        Holding(
            "desk",
            _("conversazioni, allegati, reazioni"),
            export=privacy.export,
            erase=privacy.erase,
            readable=privacy.readable,
            files=privacy.files,
            amounts=privacy.amounts,
        )
    )
    retention.register(
        RetentionRule(
            "desk.messages",
            _("messaggi dello Sportello"),
            _("si cancella il testo, con i suoi file; restano i conteggi"),
            lasts=lambda: MESSAGES_KEPT,
            job=NIGHTLY,
            bounds=Bounds(90, 3650, order=10),
            forgets=aging.MESSAGES,
        ),
        RetentionRule(
            "desk.files",
            _("foto e documenti dello Sportello"),
            _("si cancellano, con le loro miniature; il messaggio resta"),
            lasts=lambda: FILES_KEPT,
            job=NIGHTLY,
            bounds=Bounds(7, 3650, order=20),
            forgets=aging.FILES,
        ),
        RetentionRule(
            "desk.conversations",
            _("che una conversazione c’è stata: quando, con quale sportello, chi ha risposto"),
            _("resta; di chi è cancellato non dice il nome"),
        ),
        RetentionRule(
            "desk.waiting",
            _("reazioni e citazioni di messaggi che non sono ancora arrivati"),
            _("si cancellano"),
            lasts=lambda: references.WAIT,
            because=_("Dopo, il messaggio non arriva più."),
            job="desk.bind_older_references",
        ),
    )
