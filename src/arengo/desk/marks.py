# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What there is anything of beside a conversation: found out with the conversation itself, so that its page asks only for that.

A capability registers a mark, from its AppConfig, with a condition that an index answers.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from arengo.desk.models import Conversation

_PREFIX = "mark_"
_conditions: dict[str, Callable[[], Combinable]] = {}


def register(name: str, condition: Callable[[], Combinable]) -> None:
    """``condition``: for a query of conversations; it is called in the organization's scope."""
    _conditions[name] = condition


def with_marks(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """The same, each read with its marks."""
    return found.annotate(**{f"{_PREFIX}{name}": condition() for name, condition in _conditions.items()})


def carries(conversation: Conversation, name: str) -> bool:
    """Whether the mark was there when the conversation was read; True for one that was read without marks: it may be."""
    return bool(getattr(conversation, f"{_PREFIX}{name}", True))
