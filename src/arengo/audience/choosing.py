# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody on the list receives is changed: by a message, a press in the chat, their page, or staff at their request.

One verb for all ways (:func:`choose`). Each change is a row of the log of choices, which only grows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from django.db import transaction

from arengo.audience import frequencies, keys, receiving
from arengo.audience.models import ContactKey, Identity, Quarter, Subscription, Topic
from arengo.audience.naming import Named
from arengo.audience.receiving import Receives
from arengo.audience.topics.models import DETAIL, MESSAGE, SUBJECT, TEXT, Choosing, Detail
from arengo.core import audit, bulk
from arengo.core.models import Person

LONGEST_TEXT = 2000  # characters of what somebody said


class NotOnList(ValueError):
    """Only who is on the list receives anything."""


class NotOffered(ValueError):
    """A topic, quarter or frequency that cannot be chosen: it ended, or is not the organization's."""


@dataclass(frozen=True)
class Changed:
    """Of one person's choice; ``way`` is of ``Choosing.Way``, ``text`` and ``message_id`` what they said, where they said it."""

    identity: Identity
    before: Receives
    after: Receives
    way: str
    at: datetime
    by: Person | None = None
    text: str = ""
    message_id: str = ""


def choose(
    subscription: Subscription,
    *,
    topics: Iterable[int] | None = None,
    quarters: Iterable[int] | None = None,
    frequency: str | None = None,
    way: str,
    at: datetime,
    by: Person | None = None,
    text: str = "",
    message_id: str = "",
) -> Receives:
    """What they receive from now on; None leaves a part as it is, no topics are all of them, no quarters the whole town.

    Locks the identity, as joining and leaving do. Writes the choice, its row in the log of choices and, where staff did it
    (``by``), a line of the log. What changes nothing writes nothing. NotOnList, NotOffered: then nothing was written.
    """
    with transaction.atomic():
        identity = (
            Identity.objects.select_related("contact")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=subscription.identity_id)
        )
        held: Subscription = Subscription.objects.get(pk=subscription.pk)
        if not held.active:
            raise NotOnList
        before = after = receiving.of(held)
        if topics is not None:
            after = replace(after, topics=_possible(Topic, topics, before.topics))
        if quarters is not None:
            after = replace(after, quarters=_possible(Quarter, quarters, before.quarters))
        if frequency is not None:
            if frequency != before.frequency and frequencies.find(frequency) is None:
                raise NotOffered(frequency)
            after = replace(after, frequency=frequency)
        if after == before:
            return after
        held.topics.set(after.topics)
        held.quarters.set(after.quarters)
        if after.frequency != before.frequency:
            held.frequency = after.frequency
            held.save(update_fields=["frequency"])
        own_keys = keys.of([identity.contact])
        record([Changed(identity, before, after, way, at, by, text, message_id)], own_keys)
        if by is not None:
            audit.record("audience.chose", organization=held.organization_id, by=by, on=identity.contact)
    return after


def _possible(model: type[Named], wanted: Iterable[int], before: Collection[int]) -> frozenset[int]:
    """What ended can be kept, not chosen anew."""
    chosen = frozenset(wanted)
    known = set(model.in_use().filter(pk__in=chosen).values_list("pk", flat=True))
    if not chosen <= known | set(before):
        raise NotOffered
    return chosen


def record(changes: Sequence[Changed], own_keys: dict[int, list[ContactKey]]) -> None:
    """Rows of the log of choices, sealed under each person's own key (``keys.of``); three statements, however many."""
    if not changes:
        return
    names = receiving.Names.read()
    rows = []
    for change in changes:
        key = own_keys[change.identity.contact_id][0]
        seal = key.own.seal_text
        detail = msgspec.json.encode(_detail(change, names)).decode()
        rows.append(
            {
                "identity_id": change.identity.pk,
                "key_id": key.pk,
                "subject_sealed": seal(change.identity.subject_hash.hex(), purpose=SUBJECT),
                "at": change.at,
                "way": change.way,
                "by_id": change.by.pk if change.by else None,
                "detail_sealed": seal(detail, purpose=DETAIL),
                "text_sealed": seal(change.text[:LONGEST_TEXT], purpose=TEXT) if change.text else None,
                "message_id_sealed": seal(change.message_id, purpose=MESSAGE) if change.message_id else None,
            }
        )
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    organization = changes[0].identity.organization_id
    bulk.insert_columns(Choosing, len(rows), {**columns, "organization_id": organization})


def _detail(change: Changed, names: receiving.Names) -> Detail:
    before, after = change.before, change.after

    def of(named: Mapping[int, Named], ids: frozenset[int]) -> list[str]:
        return [one.name for pk, one in named.items() if pk in ids]

    return Detail(
        added=of(names.topics, after.topics - before.topics),
        removed=of(names.topics, before.topics - after.topics),
        all_topics=bool(before.topics) and not after.topics,
        added_quarters=of(names.quarters, after.quarters - before.quarters),
        removed_quarters=of(names.quarters, before.quarters - after.quarters),
        whole_town=bool(before.quarters) and not after.quarters,
        before=before.frequency,
        after=after.frequency,
    )
