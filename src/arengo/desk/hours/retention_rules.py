# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long opening hours are kept, and what is held of who wrote out of hours."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import NIGHTLY, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.desk.hours import notice
from arengo.desk.hours.models import OutOfHoursNotice


def register() -> None:
    personal_data.register(
        Holding("desk_hours", _("avvisi fuori orario ricevuti"), export=notice.export, erase=notice.erase)
    )
    retention.register(
        RetentionRule(
            "desk.hours",
            _("orari, chiusure e aperture straordinarie"),
            _("restano: dicono quando lo sportello era aperto"),
        ),
        RetentionRule(
            "desk.out_of_hours",
            _("chi ha ricevuto l’avviso fuori orario, e quando"),
            _("si cancella"),
            lasts=lambda: notice.KEPT,
            job=NIGHTLY,
            because=_("Serve a non ripetere l’avviso nella stessa chiusura."),
            forgets=Aging(OutOfHoursNotice.objects.all, at="closed_since", person="contact"),
        ),
    )
