# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from arengo.core import automatic, ceilings, governor, live
from arengo.core.ceilings import Ceiling
from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule


def _longest_window() -> timedelta:
    """Of all ceilings: no counter of attempts is of use after it."""
    ours = [each for each in vars(ceilings).values() if isinstance(each, Ceiling)]
    automatics = [each for kind in automatic.kinds() for each in kind.per_person]
    return max(each.within for each in (*ours, *automatics))


def register() -> None:
    retention.register(
        RetentionRule(
            "core.log",
            _("registro delle azioni"),
            _("resta: chi è cancellato non vi ha più nome"),
        ),
        RetentionRule(
            "core.sessions",
            _("chi è entrato nella console, e da quando"),
            _("si cancella"),
            because=_("È quanto dura un accesso."),
            lasts=lambda: timedelta(seconds=settings.SESSION_COOKIE_AGE),
            job="core.forget_sessions",
        ),
        RetentionRule(
            "core.attempts",
            _(
                "quante volte si è tentato: accessi, codici, moduli pubblici, risposte automatiche a una persona"
            ),
            _("si cancella"),
            because=_("Servono soltanto a fermare chi tenta troppe volte."),
            lasts=_longest_window,
            job="core.forget_attempts",
        ),
        RetentionRule(
            "core.automatic_counts",
            _("quante risposte automatiche sono partite, per ora; di nessuno in particolare"),
            _("si cancella"),
            because=_("Basta a capire chi ha fatto partire troppe risposte."),
            lasts=lambda: governor.KEPT,
            job="core.forget_automatic_counts",
        ),
        RetentionRule(
            "core.signals",
            _("segnali alle pagine aperte che qualcosa è cambiato, senza che cosa"),
            _("si cancella"),
            because=_("Servono alle pagine che sono aperte adesso."),
            lasts=lambda: live.KEPT,
            job="core.forget_signals",
        ),
    )
