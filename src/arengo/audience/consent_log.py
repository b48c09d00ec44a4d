# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was said of the list before: the queries of :mod:`arengo.audience.consent`, each for thousands at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from arengo.audience.models import Subscription
from arengo.audience.sql import statement
from arengo.core import bulk


class Latest(NamedTuple):
    """The latest word of one identity; ``action``, ``source``: as in Consent."""

    at: datetime
    action: str
    source: str


def already(pairs: Sequence[tuple[int, bytes]]) -> set[tuple[int, bytes]]:
    """Which of these messages of these identities the log holds."""
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            statement("already"),
            {
                "identities": bulk.array("bigint", [pk for pk, _hash in pairs]),
                "hashes": bulk.array("bytea", [hashed for _pk, hashed in pairs]),
            },
        )
        return {(int(pk), bytes(hashed)) for pk, hashed in cursor.fetchall()}


def so_far(ids: Sequence[int]) -> tuple[dict[int, Latest], set[int]]:
    """Each one's latest word, and who was on the list at some time."""
    if not ids:
        return {}, set()
    with connection.cursor() as cursor:
        cursor.execute(statement("so_far"), {"identities": bulk.array("bigint", ids)})
        rows = cursor.fetchall()
    return {pk: Latest(at, action, source) for pk, at, action, source, _given in rows}, {
        pk for pk, *_latest, given in rows if given
    }


def topics(subscriptions: Iterable[Subscription]) -> dict[int, set[int]]:
    """By identity; empty: all topics."""
    by_id = {subscription.pk: subscription.identity_id for subscription in subscriptions}
    found: dict[int, set[int]] = defaultdict(set)
    if by_id:
        for subscription_id, topic_id in Subscription.topics.through.objects.filter(
            subscription__among=list(by_id)
        ).values_list("subscription_id", "topic_id"):
            found[by_id[subscription_id]].add(topic_id)
    return dict(found)
