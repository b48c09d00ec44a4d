# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows that grow old, for rules whose rows say themselves how old they are: counted and taken away in the same way everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from arengo.core.console.retention import Held

AT_ONCE = 2000  # rows of one transaction


@dataclass(frozen=True)
class Aging:
    """``rows``: those of the scope that this rule takes away one day. ``at``: the field that says how old one is, along an index.

    ``person``: the path from a row to its citizen; "" where it is nobody's. ``take``: takes these away, given their ids, in a
    transaction that has locked them; without it they are deleted. It may leave none of them in ``rows``. ``at_once``: how many.
    """

    rows: Callable[[], models.QuerySet[Any]]
    at: str
    person: str = ""
    take: Callable[[Sequence[int]], None] | None = None
    at_once: int = AT_ONCE

    def count(self, before: datetime, held: Held, *, most: int) -> int:
        return self._free(before, held).order_by(self.at).values("pk")[:most].count()

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        if not self.person or not held.contacts:
            return 0
        found = self._over(before).filter(**{f"{self.person}__in": list(held.contacts)})
        return found.order_by(self.at).values("pk")[:most].count()

    def oldest(self) -> datetime | None:
        found: datetime | None = self.rows().order_by(self.at).values_list(self.at, flat=True).first()
        return found

    def forget(self, before: datetime, held: Held) -> int:
        with transaction.atomic():
            oldest = self._free(before, held).order_by(self.at)
            locked = oldest.select_for_update(skip_locked=True, of=("self",), no_key=False)
            ids = list(locked.values_list("pk", flat=True)[: self.at_once])
            if ids and self.take is not None:
                self.take(ids)
            elif ids:
                self.rows().filter(pk__in=ids).delete()
        return len(ids)

    def _over(self, before: datetime) -> models.QuerySet[Any]:
        return self.rows().filter(**{f"{self.at}__lt": before})

    def _free(self, before: datetime, held: Held) -> models.QuerySet[Any]:
        over = self._over(before)
        if not self.person or not held.contacts:
            return over
        return over.exclude(**{f"{self.person}__in": list(held.contacts)})
