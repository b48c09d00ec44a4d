# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A warning and a block, as a person fills them in. Refused, they come back as they were typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from arengo.core import outside
from arengo.desk.blocks.rules import Rule

OTHER_DAY = "other"


@dataclass(frozen=True)
class Given:
    """``rule``: of those in force; None for a number that none has. ``past``, ``shown``, ``last``: what the page showed."""

    rule: Rule | None
    messages: frozenset[int]
    words: str
    reason: str
    choice: str
    day: date | None
    past: int
    key: str
    shown: int | None
    last: int | None

    @property
    def until(self) -> date | None:
        return self.day if self.choice == OTHER_DAY else outside.day(self.choice)

    @classmethod
    def of(cls, request: HttpRequest, rules: Sequence[Rule]) -> Given:
        posted = request.POST
        number = outside.whole(posted.get("rule"))
        chosen = [outside.whole(each) for each in posted.getlist("message")]
        return cls(
            rule=next((rule for rule in rules if rule.number == number), None),
            messages=frozenset(pk for pk in chosen if pk is not None),
            words=outside.text(posted.get("words")).replace("\r\n", "\n").strip(),
            reason=outside.text(posted.get("reason")),
            choice=outside.text(posted.get("until"), most=10),
            day=outside.day(posted.get("day")),
            past=outside.whole(posted.get("past")) or 0,
            key=outside.text(posted.get("key"), most=60),
            shown=outside.whole(posted.get("shown")),
            last=outside.whole(posted.get("last")),
        )
