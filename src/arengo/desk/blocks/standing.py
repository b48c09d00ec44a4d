# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a citizen stands with the house rules: their warnings that count, and their block."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from arengo.desk.blocks.models import Block, BlockSettings, Reprimand
from arengo.desk.sql import statement

WARNINGS = 2  # before a block
_COUNTS_FOR = timedelta(days=365)


def in_force() -> Q:
    """For a query of blocks: those that keep somebody out of the inbox at this moment."""
    return Q(begins_at__isnull=False, ended_at=None, ends_at__gt=timezone.now())


def of_blocked() -> Q:
    """For a query of conversations: those of citizens who are blocked."""
    return Q(contact__in=Block.objects.filter(in_force()).values("contact"))


def blocked_among(contacts: Collection[int]) -> set[int]:
    """One query."""
    if not contacts:
        return set()
    found = Block.objects.filter(in_force(), contact__among=set(contacts))
    return set(found.values_list("contact_id", flat=True))


def hold(identities: Collection[int]) -> None:
    """In the reader's transaction: a block of one of these people has begun, or waits until the reader commits.

    Locks the identities FOR KEY SHARE, by id; a block holds those of its citizen against it (``verbs._hold``).
    """
    if identities:
        with connection.cursor() as cursor:
            cursor.execute(statement("hold_people"), {"identities": sorted(identities)})


def ever_used() -> Q:
    """For a query of conversations: whether their citizen was ever warned, or blocked."""
    blocked = Exists(Block.objects.filter(contact=OuterRef("contact")))
    return Q(blocked) | Q(Exists(Reprimand.objects.filter(contact=OuterRef("contact"))))


@dataclass(frozen=True)
class Ladder:
    """``warnings``: those that count, the oldest first: of the last year, and since the last block ended.

    ``block``: one that is in force or asked for.
    """

    warnings: Sequence[Reprimand]
    block: Block | None

    @classmethod
    def of(cls, contact_id: int) -> Ladder:
        """Two queries."""
        now = timezone.now()
        since = now - _COUNTS_FOR
        open_one = None
        for block in Block.objects.filter(contact=contact_id).select_related("by", "confirmed_by"):
            if block.ended_at is None and (block.begins_at is None or block.ends_at > now):
                open_one = block
            elif block.begins_at is not None and block.end != Block.End.MERGED:
                since = max(since, block.ended_at or block.ends_at)
        warnings = Reprimand.objects.filter(contact=contact_id, at__gt=since).select_related("by")
        return cls(list(warnings), open_one)

    @property
    def is_blocked(self) -> bool:
        return self.block is not None and self.block.in_force


def settings() -> BlockSettings:
    """The organization's; one that is not stored where it decided nothing yet."""
    found: BlockSettings | None = BlockSettings.objects.first()
    return found or BlockSettings()
