# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The latest message of a conversation, as the list shows it: the one with which the thread ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection

from arengo.core import bulk

# The order of ``inbox.thread``: time of sending decides, whatever order messages come in.
_SETTLE = """
UPDATE desk_conversation c SET last_message_id = latest.id, last_message_at = latest.sent_at
FROM unnest(%s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
  SELECT m.id, m.sent_at FROM desk_message m WHERE m.conversation_id = wanted.id
  ORDER BY m.sent_at DESC, m.id DESC LIMIT 1
) AS latest
WHERE c.id = wanted.id AND c.last_message_id IS DISTINCT FROM latest.id
"""


# Nothing is looked up: what stands in the row is the latest of all that came before.
_COME = """
UPDATE desk_conversation c SET last_message_id = n.id, last_message_at = n.at
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS n (conversation, id, at)
WHERE c.id = n.conversation AND (c.last_message_at, c.last_message_id) < (n.at, n.id)
RETURNING c.id
"""


def come_last(messages: Mapping[int, tuple[int, datetime]]) -> None:
    """Messages that were just stored (id, and when it was sent), one of each conversation, in the same transaction.

    The quicker form of :func:`settle_latest`, for conversations whose latest message is known and not the one in hand.
    """
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(
                _COME,
                [
                    bulk.array("bigint", messages),
                    bulk.array("bigint", (pk for pk, _at in messages.values())),
                    bulk.array("timestamp with time zone", (at for _pk, at in messages.values())),
                ],
            )
            done = {pk for (pk,) in cursor.fetchall()}
        settle_latest(messages.keys() - done)


def settle_latest(conversations: Collection[int]) -> None:
    """Call it, in the same transaction, after messages were added to these conversations or moved between them."""
    if conversations:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [bulk.array("bigint", sorted(set(conversations)))])
