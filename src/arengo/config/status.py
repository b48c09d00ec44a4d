# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The state of the machine in one look: what the page of the administrator, ``arengo status`` and ``/metrics`` all show.

The senders are the scope's: one organization's on its page, all of them for who runs the installation. Processes, journal
and database belong to the installation and name nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from arengo.core import erasures, governor, machine
from arengo.core.erasures import Left
from arengo.core.governor import Lately
from arengo.core.machine import Machine
from arengo.delivery import status as delivery
from arengo.delivery.status import SenderStatus
from arengo.delivery.timeline import deciding
from arengo.delivery.timeline.deciding import Outlook
from arengo.intake import alarms as hearing, status as intake
from arengo.intake.alarms import Alarms
from arengo.intake.models import Silence
from arengo.intake.responders import Noticed
from arengo.intake.status import JournalStatus


@dataclass(frozen=True)
class Snapshot:
    at: datetime
    machine: Machine
    journal: JournalStatus
    senders: tuple[SenderStatus, ...]
    erased: Left = field(default_factory=Left)
    outlook: Outlook = field(default_factory=Outlook)
    silences: tuple[Silence, ...] = ()  # of these senders, like what follows
    responders: tuple[Noticed, ...] = ()
    automatic: tuple[Lately, ...] = ()  # what went out by itself, by organization

    @property
    def unread(self) -> int:
        """What arrived for these senders and could not be read."""
        return sum(self.journal.marked.values())


def read() -> Snapshot:
    """Of the scope that is open; ScopeMissing outside of one."""
    senders = tuple(delivery.read())
    found = machine.read(settings.DATA)
    journal = intake.read(found.told)
    ours = {sender.id for sender in senders}
    marked = {sender_id: number for sender_id, number in journal.marked.items() if sender_id in ours}
    erased = erasures.left() if not found.migrations_pending else Left()  # the table may not be there yet
    outlook = deciding.outlook() if not found.migrations_pending else Outlook()
    alarms = hearing.read() if not found.migrations_pending else Alarms()
    automatic = tuple(governor.lately()) if not found.migrations_pending else ()
    return Snapshot(
        timezone.now(),
        found,
        replace(journal, marked=marked),
        senders,
        erased,
        outlook=outlook,
        silences=alarms.silences,
        responders=alarms.responders,
        automatic=automatic,
    )
