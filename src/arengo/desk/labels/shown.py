# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels as the list and the citizen's pane show them, and the list of one label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

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


@dataclass(frozen=True)
class Choice:
    """The list's choice of a label: ``chosen`` is None for all conversations."""

    labels: Sequence[Label]
    chosen: Label | None


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


def of_rows(conversations: Collection[Conversation]) -> Mapping[int, RowLabels]:
    """By conversation; one query for a page of them."""
    names: dict[int, list[str]] = defaultdict(list)
    found = Labelled.objects.filter(
        conversation__in=[one.pk for one in conversations], removed_at=None
    ).select_related("label")
    for one in found.order_by("at", "id"):
        names[one.conversation_id].append(one.label.name)
    return {pk: RowLabels(each[0], len(each) - 1, ", ".join(each)) for pk, each in names.items()}


def choice(label_id: int | None) -> Choice:
    """``label_id`` as an address has it; one that is not the organization's is none."""
    labels = list(Label.objects.all())
    return Choice(
        [label for label in labels if label.active or label.pk == label_id],
        next((label for label in labels if label.pk == label_id), None),
    )


def carrying(label: Label) -> Exists:
    """For a query of conversations: those that carry the label."""
    return Exists(Labelled.objects.filter(conversation_id=OuterRef("pk"), label=label, removed_at=None))
