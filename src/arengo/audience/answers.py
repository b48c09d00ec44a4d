# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the list answers by itself: one kind of message for each thing that can come of a command."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import automatic
from arengo.core.automatic import Kind, some_a_day

WELCOME, ALREADY, GOODBYE, NOT_SUBSCRIBED = (
    "audience.welcome",
    "audience.already",
    "audience.goodbye",
    "audience.not_subscribed",
)
ALL = (WELCOME, ALREADY, GOODBYE, NOT_SUBSCRIBED)
_WORDED_AT = "settings:list"


def register() -> None:
    automatic.register(
        Kind(
            WELCOME,
            _("Benvenuto"),
            _("A chi si iscrive. Alla prima iscrizione arriva sempre, semmai più tardi."),
            _WORDED_AT,
            some_a_day(WELCOME, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            ALREADY,
            _("Già iscritto"),
            _("A chi si iscrive ed è già iscritto."),
            _WORDED_AT,
            some_a_day(ALREADY, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            GOODBYE,
            _("Conferma della cancellazione"),
            _("A chi si cancella."),
            _WORDED_AT,
            some_a_day(GOODBYE, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            NOT_SUBSCRIBED,
            _("Non iscritto"),
            _("A chi si cancella senza essere iscritto."),
            _WORDED_AT,
            some_a_day(NOT_SUBSCRIBED, times=1, a_day=2, minutes=10),
        )
    )
