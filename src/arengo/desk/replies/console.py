# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings show of canned replies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.core.console import cards, pages
from arengo.core.console.cards import Card, State
from arengo.desk.replies import verbs
from arengo.desk.replies.models import CannedReply


def _state() -> State:
    late = verbs.overdue_count()
    if late:
        return State(
            ngettext("%(many)d da rivedere", "%(many)d da rivedere", late) % {"many": late}, "warning"
        )
    there = CannedReply.objects.count()
    return State(ngettext("%(many)d risposta", "%(many)d risposte", there) % {"many": there})


def register() -> None:
    pages.register("arengo.desk.replies.settings_urls")
    cards.register(
        Card(
            "settings:replies",
            "note",
            _("Risposte pronte"),
            _(
                "I testi che allo sportello si inseriscono con /, con file, spazi da riempire e data di verifica."
            ),
            order=26,
            state=_state,
        )
    )
