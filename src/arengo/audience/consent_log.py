# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was said of the list before: the queries of :mod:`arengo.audience.consent`, each for thousands at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models

from arengo.audience.models import Subscription
from arengo.audience.receiving import Receives
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


def receives(subscriptions: Iterable[Subscription]) -> dict[int, Receives]:
    """By identity: what each chose."""
    stored = list(subscriptions)
    if not stored:
        return {}
    ids = [subscription.pk for subscription in stored]
    topics = _chosen(Subscription.topics.through.objects, "topic_id", ids)
    quarters = _chosen(Subscription.quarters.through.objects, "quarter_id", ids)
    return {
        one.identity_id: Receives(frozenset(topics[one.pk]), frozenset(quarters[one.pk]), one.frequency)
        for one in stored
    }


def _chosen(through: models.Manager[Any], column: str, ids: Sequence[int]) -> dict[int, set[int]]:
    """By subscription. ``through``: the table of who chose what."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = through.filter(subscription__among=ids)
    for pk, one in rows.values_list("subscription_id", column):
        found[pk].add(one)
    return found


def choose(receive: Mapping[Subscription, Receives], had: Sequence[int]) -> None:
    """Topics and quarters of stored subscriptions, instead of those that they had. ``had``: ids of those that had some."""
    topics, quarters = Subscription.topics.through, Subscription.quarters.through
    if had:
        topics.objects.filter(subscription__among=had).delete()
        quarters.objects.filter(subscription__among=had).delete()
    bulk.insert(
        [
            topics(subscription_id=one.pk, topic_id=pk)
            for one, new in receive.items()
            for pk in sorted(new.topics)
        ]
    )
    bulk.insert(
        [
            quarters(subscription_id=one.pk, quarter_id=pk)
            for one, new in receive.items()
            for pk in sorted(new.quarters)
        ]
    )
