# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which live topics there are and who may hear them. Each room registers its own, from its AppConfig.

A topic that no room registered is nobody's: a stream that asks for it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from arengo.core import outside
from arengo.core.models import Membership


@dataclass(frozen=True)
class _Topic:
    roles: tuple[str, ...]
    rows: Callable[[Membership], QuerySet[Any]] | None


_topics: dict[str, _Topic] = {}
_conditions: list[Callable[[Membership], bool]] = []


def register(name: str, *roles: str, rows: Callable[[Membership], QuerySet[Any]] | None = None) -> None:
    """``name`` may be heard by members with one of these roles.

    With ``rows`` the topic is ``name:<id>``, of a row that this query finds in the organization's scope for the member who listens.
    """
    _topics[name] = _Topic(roles, rows)


def only_if(condition: Callable[[Membership], bool]) -> None:
    """A listener must meet this too, whatever the topic."""
    _conditions.append(condition)


def may_listen(membership: Membership, topics: Sequence[str]) -> bool:
    """Whether this member may hear all these topics now. Asked as :func:`may_hear` is."""
    return all(condition(membership) for condition in _conditions) and all(
        may_hear(membership, topic) for topic in topics
    )


def may_hear(membership: Membership, topic: str) -> bool:
    """Whether this member may hear this topic now. Asked inside the scope of the membership's organization."""
    name, colon, key = topic.partition(":")
    known = _topics.get(name)
    if known is None or not membership.has(*known.roles):
        return False
    if known.rows is None:
        return not colon
    pk = outside.whole(key)
    return pk is not None and known.rows(membership).filter(pk=pk).exists()


def registered() -> dict[str, tuple[str, ...]]:
    """Every topic's name with the roles that hear it."""
    return {name: topic.roles for name, topic in _topics.items()}
