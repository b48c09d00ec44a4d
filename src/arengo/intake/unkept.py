# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the journal may not keep leaves it in the transaction that applies it: a vote is read by nobody who opens a raw body later.

``events.MayBeKept`` asks which messages are so. A second telling of one leaves too: it is applied as nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from arengo.core import bulk
from arengo.core.events import Batch, publish
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.intake.events import MayBeKept
from arengo.intake.journal import PURPOSE
from arengo.intake.mentions import Mentions, without
from arengo.intake.models import Seen
from arengo.intake.rows import Row
from arengo.intake.sql import statement
from arengo.platforms.contract import MessageReceived

_TAKEN_OUT = "Emptied: what it held may not be kept."


def take_out(rows: Sequence[Row]) -> None:
    """Of parsed rows that were just marked. Of one with a problem only what was applied leaves: the rest is for a replay."""
    pressed = {row.id: found for row in rows if (found := _choices(row))}
    if not pressed:
        return
    private = _private([row for row in rows if row.id in pressed])
    applied = _applied([row for row in rows if row.problems and row.id in pressed])
    changed: dict[int, bytes] = {}
    for row in rows:
        names = {message.message_id for message in pressed.get(row.id, ()) if message.message_id in private}
        if row.problems:
            names = {name for name in names if vault().message_hash(name) in applied}
        if names:
            body = without(vault().open(row.sealed, purpose=PURPOSE), Mentions(names))
            changed[row.id] = vault().seal(body, purpose=PURPOSE) if body else b""
    if changed:
        with connection.cursor() as cursor:
            values = {
                "ids": bulk.array("bigint", changed),
                "bodies": bulk.array("bytea", changed.values()),
                "problem": _TAKEN_OUT,
            }
            cursor.execute(statement("write_again"), values)


def _choices(row: Row) -> list[MessageReceived]:
    return [event for event in row.events if isinstance(event, MessageReceived) and event.choice_id]


def _private(rows: Sequence[Row]) -> set[str]:
    by_place: dict[tuple[int, str], list[MessageReceived]] = defaultdict(list)
    for row in rows:
        by_place[row.organization_id, row.platform] += _choices(row)
    found: set[str] = set()
    for (organization_id, platform), messages in by_place.items():
        asked = MayBeKept(messages)
        with organization_scope(organization_id):
            publish(MayBeKept, Batch(organization_id, 0, [asked], platform))
        found |= asked.private
    return found


def _applied(rows: Sequence[Row]) -> set[bytes]:
    hashes = {vault().message_hash(message.message_id) for row in rows for message in _choices(row)}
    if not hashes:
        return set()
    organizations = {row.organization_id for row in rows}  # one webhook may be about several of its numbers
    seen = Seen.objects.filter(sender__organization__in=organizations, message_hash__in=hashes)
    return {bytes(hashed) for hashed in seen.values_list("message_hash", flat=True)}
