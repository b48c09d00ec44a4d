# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road in as sections of the snapshot: the journal, and what is wrong with hearing."""

from __future__ import annotations

from dataclasses import replace

from arengo.core.console.conditions import Sections
from arengo.core.console.senders import SenderNames
from arengo.core.machine import Machine
from arengo.intake import alarms, status
from arengo.intake.alarms import Alarms
from arengo.intake.status import JournalStatus


def read_journal(sections: Sections) -> JournalStatus:
    """What waits is the installation's; what could not be read is told of the scope's senders only."""
    journal, ours = status.read(sections.of(Machine).metrics), sections.of(SenderNames).ids
    return replace(journal, marked={each: number for each, number in journal.marked.items() if each in ours})


def read_alarms(sections: Sections) -> Alarms:
    """While migrations are pending the tables may not be there yet."""
    return Alarms() if sections.of(Machine).migrations_pending else alarms.read()
