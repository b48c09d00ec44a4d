# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of the table, in its order."""

from __future__ import annotations

from collections.abc import Callable

from bench.figures import Figure
from bench.rows import (
    ceiling,
    competitors,
    desk_lists,
    erasing,
    fanout,
    intake,
    joins,
    people,
    readers,
    screens,
    sending,
    web,
)
from bench.run import Run

Row = Callable[[Run], list[Figure]]

ROWS: dict[str, Row] = {
    "fanout.durable": fanout.durable,
    "fanout.vs_pywa": competitors.vs_pywa,
    "fanout.vs_celery": competitors.vs_celery,
    "fanout.ceiling": ceiling.ceiling_and_desk,
    "fanout.growth": fanout.growth,
    "intake.ack": intake.ack,
    "intake.applied": intake.applied,
    "intake.joins": joins.joins,
    "alert.overtakes": sending.alert_overtakes,
    "desk.under_load": ceiling.ceiling_and_desk,  # measured together
    "desk.inbox": desk_lists.lists,
    "desk.search": desk_lists.lists,  # measured together
    "desk.conversation": desk_lists.lists,
    "desk.fifty_screens": screens.fifty,
    "list.pages": people.lists,
    "list.search": people.lists,  # measured together
    "list.export": people.lists,
    "list.import": people.imports,
    "list.resumed": people.resumed,
    "list.erase": erasing.erasing,
    "town": sending.town,
    "web.streams": web.streams,
    "portal.readers": readers.readers,
    "desk.with_readers": readers.desk_with_readers,
}
