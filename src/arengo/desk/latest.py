# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The latest message of a conversation, as the list shows it: the one with which the thread ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection

from arengo.core import bulk
from arengo.desk.sql import statement


def come_last(messages: Mapping[int, tuple[int, datetime]], *, unsent: Collection[int] = ()) -> None:
    """Messages that were just stored (id, and when it was sent), one of each conversation, in the same transaction.

    ``unsent``: the conversations in which ours cannot go, and never will.

    The quicker form of :func:`settle_latest`, for conversations whose latest message is known and not the one in hand.
    """
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(
                statement("come_last"),
                {
                    "conversations": bulk.array("bigint", messages),
                    "ids": bulk.array("bigint", (pk for pk, _at in messages.values())),
                    "times": bulk.array("timestamp with time zone", (at for _pk, at in messages.values())),
                    "unsent": bulk.array("bigint", unsent),
                },
            )
            done = {pk for (pk,) in cursor.fetchall()}
        settle_latest(messages.keys() - done)


def settle_latest(conversations: Collection[int]) -> None:
    """Call it, in the same transaction, after messages were added to these conversations or moved between them."""
    if conversations:
        with connection.cursor() as cursor:
            cursor.execute(
                statement("settle_latest"),
                {"conversations": bulk.array("bigint", sorted(set(conversations)))},
            )
