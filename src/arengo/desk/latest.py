# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The latest message of a conversation, as the list shows it: the one with which the thread ends."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

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


def settle_latest(conversations: Collection[int]) -> None:
    """Call it, in the same transaction, after messages were added to these conversations or moved between them."""
    if conversations:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [sorted(set(conversations))])
