# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes to the outbox late: by a job that stood in the database when that was taken back.

The action may have been done in the time that is lost, so what it writes is withheld as the outbox of then is.
"""

from __future__ import annotations

from datetime import datetime

from arengo.core import alarms
from arengo.delivery.timeline.beginning import ALARM, present
from arengo.delivery.timeline.models import Cause


def lost_from() -> datetime | None:
    """The last moment of which a database that was taken back knew; None where it never was, or nobody knows.

    What came in until then came in before; what the platform brings again since, and is later, is new.
    """
    timeline = present()
    return timeline.lost_from if timeline is not None else None


def withholds(organization_id: int, due_at: datetime | None) -> bool:
    """Whether what was due then must wait for a person. ``due_at`` None: somebody wants it now."""
    if due_at is None:
        return False
    timeline = present()
    if timeline is None or timeline.cause == Cause.INSTALLED or due_at > timeline.began_at:
        return False
    alarms.set_off(organization_id, ALARM)
    return True
