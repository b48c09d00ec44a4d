# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding: which entries of the index fit, in what order. What a hit shows is loaded by its kind (``kinds.py``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from arengo.core.scope import current_organization_id
from arengo.desk.models import Conversation
from arengo.desk.search import kinds
from arengo.desk.search.query import Query
from arengo.desk.search.sql import statement

MOST = 2_000  # of each kind, the newest: what is older is found by another word or a filter
PAGE = 30  # hits
_MOST_WITHIN = 100  # hits of one conversation
_LONGEST = "4s"  # a search may take; what is not found by then wants a narrower question
_CANCELLED = "57014"  # PostgreSQL: query_canceled


class TooLong(Exception):
    """The search took longer than it may."""


class Order(StrEnum):
    """The values stand in addresses."""

    BEST = "best"
    NEWEST = "newest"


class State(StrEnum):
    ANY = ""
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Filters:
    """``desks``: those that the person sees and wants, by id; without one nothing is found. ``kinds``: keys; empty means all.

    ``last`` is included. ``narrowed``: values of registered filters, by their name.
    """

    desks: tuple[int, ...]
    kinds: frozenset[str] = frozenset()
    assignee: int | None = None
    first: date | None = None
    last: date | None = None
    state: State = State.ANY
    narrowed: Mapping[str, int] = field(default_factory=dict)


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """The best of its conversation; ``together``: with how many it was found there."""

    kind: str
    source: int
    conversation_id: int
    at: datetime
    together: int


@dataclass(frozen=True)
class Results:
    """``counts``: by kind, whatever kinds were asked for; more than ``MOST`` means that there are more. ``total``: conversations."""

    hits: Sequence[Hit]
    counts: Mapping[str, int]
    total: int


def search(query: Query, filters: Filters, *, order: Order, skip: int = 0) -> Results:
    """A page of hits, one for each conversation. One statement, in the scope's organization; TooLong after four seconds."""
    if query.is_empty or not filters.desks:
        return Results([], {}, 0)
    ranking = "score DESC, at DESC, source" if order is Order.BEST else "at DESC, source DESC"
    branches, values = _branches(query, filters, [kind.key for kind in kinds.registered()])
    values |= {"page": PAGE, "skip": skip, "web": query.web}
    [(counts, total, rows)] = _rows(statement("search", branches=branches, order=ranking), values)
    hits = msgspec.json.decode(rows, type=list[Hit])
    return Results(hits, msgspec.json.decode(counts, type=dict[str, int]), total)


def within(query: Query, filters: Filters, conversation: Conversation) -> list[tuple[str, int, datetime]]:
    """(kind, source, when) of what was found in this conversation, the newest first, a hundred at most. TooLong as ``search``."""
    if query.is_empty or not filters.desks:
        return []
    # Names are asked too: a conversation that was found by its citizen's name opens with no other hit.
    asked = [kind.key for kind in kinds.registered()]
    branches, values = _branches(query, filters, asked, of_one="AND c.id = %(conversation)s")
    values |= {"conversation": conversation.pk, "most": _MOST_WITHIN}
    return [(kind, source, at) for kind, source, at in _rows(statement("within", branches=branches), values)]


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{_LONGEST}'")
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == _CANCELLED:
            raise TooLong from error
        raise


def _branches(
    query: Query, filters: Filters, asked: Collection[str], *, of_one: str = ""
) -> tuple[str, dict[str, Any]]:
    """The part of the statement that finds each kind, and its values."""
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "most": MOST + 1,
        "kinds": sorted(filters.kinds or asked),
    }
    conditions = _conditions(filters, values) + of_one
    desks = " | ".join(f"'#d{pk}'" for pk in filters.desks)
    branches = []
    for key in asked:
        if key == "name":
            if not query.names:
                continue
            begins = " & ".join(f"'#n/{part}':*" for part in query.names)
            values["named"] = f"'#kname' & ({desks}) & {begins}"
            wanted = "%(named)s::tsquery"
        else:
            if not query.web:
                continue
            values[f"scope_{key}"] = f"'#k{key}' & ({desks})"
            # Of stop words alone nothing is left, and nothing AND the scope would be everything.
            words = "websearch_to_tsquery('pg_catalog.italian', %(web)s)"
            wanted = f"(%(scope_{key})s::tsquery && {words}) AND numnode({words}) > 0"
            values["web"] = query.web
        branches.append(statement("branch", query=wanted, filters=conditions))
    return "\nUNION ALL\n".join(branches), values


def _conditions(filters: Filters, values: dict[str, Any]) -> str:
    """SQL of the filters that are no lexemes; adds its values."""
    parts = []
    if filters.assignee is not None:
        parts.append("AND c.assignee_id = %(assignee)s")
        values["assignee"] = filters.assignee
    if filters.state is not State.ANY:
        parts.append("AND c.state = %(state)s")
        values["state"] = filters.state.value
    if filters.first is not None:
        parts.append("AND e.at >= %(first)s")
        values["first"] = _midnight(filters.first)
    if filters.last is not None:
        parts.append("AND e.at < %(until)s")
        values["until"] = _midnight(filters.last + timedelta(days=1))
    for narrowing in kinds.narrowings():
        if (value := filters.narrowed.get(narrowing.name)) is not None:
            parts.append("AND " + narrowing.condition.replace("{value}", f"%(narrow_{narrowing.name})s"))
            values[f"narrow_{narrowing.name}"] = value
    return " ".join(parts) + " "


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
