# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels as the list and the citizen's pane show them, and the list of one label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery

from arengo.core import outside
from arengo.desk.labels.models import Label, Labelled
from arengo.desk.models import Conversation


@dataclass(frozen=True)
class Labels:
    """``on``: what the conversation carries. ``offered``: what it might carry besides."""

    on: Sequence[Label]
    offered: Sequence[Label]


@dataclass(frozen=True)
class RowLabels:
    """A row has room for one; ``more`` counts the others, ``words`` names them all."""

    first: str
    more: int
    words: str


def of(conversation: Conversation, *, may_change: bool) -> Labels:
    """One query: the active labels of an organization are few (``verbs.MOST_LABELS``)."""
    put_on = Labelled.objects.filter(conversation=conversation, label=OuterRef("pk"), removed_at=None)
    found = list(
        Label.objects.annotate(
            put_at=Subquery(put_on.values("at")[:1]), put_id=Subquery(put_on.values("pk")[:1])
        )
    )
    on = sorted((one for one in found if one.put_id), key=lambda one: (one.put_at, one.put_id))
    return Labels(on, [one for one in found if one.active and not one.put_id] if may_change else [])


def names() -> ArraySubquery:
    """For a query of conversations: the names of their labels, in the order in which they were put on."""
    carried = Labelled.objects.filter(conversation_id=OuterRef("pk"), removed_at=None).order_by("at", "id")
    return ArraySubquery(carried.values("label__name"))


def of_row(carried: Sequence[str]) -> RowLabels | None:
    """``carried``: what :func:`names` found."""
    return RowLabels(carried[0], len(carried) - 1, ", ".join(carried)) if carried else None


def carrying(value: str) -> Q | None:
    """For a list: the conversations that carry the label with this id; None for what is no id."""
    pk = outside.whole(value)
    if pk is None:
        return None
    return Q(Exists(Labelled.objects.filter(conversation_id=OuterRef("pk"), label=pk, removed_at=None)))
