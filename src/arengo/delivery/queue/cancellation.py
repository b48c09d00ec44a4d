# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages to people who left the list are cancelled if they have not left yet; of an erased person no address stays.

The events come from the audience, which stands on our floor: they are read by their shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import connection

from arengo.core.events import Batch
from arengo.core.vault import vault
from arengo.delivery.limits import tier
from arengo.delivery.models.urgency import Urgency
from arengo.delivery.sql import statement
from arengo.platforms.contract import Address


class Addressed(Protocol):
    @property
    def platform(self) -> str: ...
    @property
    def address(self) -> Address: ...


OfAudience = TypeVar("OfAudience", bound=Addressed)

_SINGLE = "d.fanout_id IS NULL AND d.organization_id = %(organization)s AND d.address_hash = ANY(%(hashes)s)"
_OF_TOPICS = "d.fanout_id IS NULL AND d.topic = ANY(%(topics)s)"


def news_stopped(batch: Batch[OfAudience]) -> None:
    """Of mailings under way, those that people may stop at the platform; alerts and answers go on."""
    kinds = [int(urgency) for urgency in Urgency if urgency.is_marketing]
    values = {"organization": batch.organization_id, "hashes": _hashes(batch.events), "kinds": kinds}
    _cancel(statement("which_of_waiting_kinds"), values)


def subscription_ended(batch: Batch[OfAudience]) -> None:
    """A mailing under way does not reach who just left: «at once» also holds for what waits in the outbox."""
    values = {"organization": batch.organization_id, "hashes": _hashes(batch.events)}
    _cancel(statement("which_of_waiting_mailings"), values)


def address_erased(batch: Batch[OfAudience]) -> None:
    """Nothing more is sent there, and what was sent keeps its outcome but not to whom, nor its words.

    An event may have ``until``, the day on which the address ceased to be theirs: then what was written before that day.
    It may be somebody else's now.
    """
    conditions = (
        (statement("which_of_waiting_mailings"), statement("which_of_mailings")),
        (_SINGLE, _SINGLE),
    )
    by_end: dict[datetime | None, list[Addressed]] = defaultdict(list)
    for event in batch.events:
        by_end[getattr(event, "until", None)].append(event)
    for until, events in by_end.items():
        hashes = _hashes(events)
        values: dict[str, Any] = {"organization": batch.organization_id, "hashes": hashes, "until": until}
        tier.forget(batch.organization_id, hashes, until=until)
        bound = "" if until is None else " AND d.created_at < %(until)s"
        for waiting, which in conditions:
            _cancel(waiting + bound, values)
            _forget(which + bound, values)


def forget_topics(topics: Collection[str]) -> None:
    """The same for the messages of these screens. What is just leaving, or may have left, keeps its address until that is known."""
    if not topics:
        return
    values: dict[str, Any] = {"topics": list(topics)}
    _cancel(_OF_TOPICS, values)
    _forget(f"{_OF_TOPICS} AND {statement('which_not_waiting')}", values)


def _cancel(which: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement("cancel", which=which), values)


def _forget(which: str, values: dict[str, Any]) -> None:
    """The platform's message id goes too: WhatsApp's holds the phone number. Its words keep no number either.

    The empty address is the mark of what was forgotten: nothing that comes later brings message id or sending back
    (``move.sql``, ``settle.sql``, ``second_try.sql``, ``requeue.sql``, ``outbox.retry_failed``).
    """
    with connection.cursor() as cursor:
        cursor.execute(statement("forget_addresses", which=which), values)


def _hashes(events: Iterable[Addressed]) -> list[bytes]:
    """Of each address every form under which it may have been written to: by its number and by its user id."""
    keys = {form.key(event.platform) for event in events for form in event.address.forms}
    return [vault().lookup_on(*key) for key in keys]
