# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels as the list and the citizen's pane show them, and the list of one label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

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
    """Two queries; one for who may only look."""
    on = [
        one.label
        for one in Labelled.objects.filter(conversation=conversation, removed_at=None)
        .select_related("label")
        .order_by("at", "id")
    ]
    offered = Label.objects.filter(active=True).exclude(pk__in=[label.pk for label in on])
    return Labels(on, list(offered) if may_change else [])


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
