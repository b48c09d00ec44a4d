# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page says of each rule: how long, what goes the next night, what went the last one, what is held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arengo.audience.retention import words
from arengo.core.console import holds, retention
from arengo.core.console.retention import Held, RetentionRule
from arengo.core.retention import nights, periods, running
from arengo.core.retention.nights import Last
from arengo.core.retention.periods import Period

MOST_COUNTED = 10_000  # of one kind on the page: beyond, it says «more than»
MOST_IN_QUESTION = 1_000_000  # where a person is about to decide


@dataclass(frozen=True)
class Amount:
    """``over``: there are more than were counted."""

    count: int
    over: bool = False

    @property
    def written(self) -> str:
        """«1.204», «più di 10.000»."""
        number = number_format(self.count, use_l10n=True, force_grouping=True)
        return _("più di %(number)s") % {"number": number} if self.over else number


@dataclass(frozen=True)
class Row:
    """``next``: what goes the next night; None where nobody can count it. ``late``: its night did not come to its end."""

    name: str
    words: str
    after: str
    kept: str
    may_choose: bool
    next: Amount | None
    last: Last | None
    oldest: datetime | None
    period: Period
    coming: str
    late: bool


@dataclass(frozen=True)
class Fixed:
    """A kind whose time nobody chooses. ``kept`` "": for as long as the organization is here."""

    words: str
    after: str
    kept: str
    because: str


@dataclass(frozen=True)
class Nightly:
    """Of all rows: ``going`` next night, ``gone`` the last one, ``held`` by holds. ``at``: when the next one begins."""

    at: datetime
    going: Amount
    gone: int
    held: Amount
    ran: bool
    is_late: bool


def rows(*, late: Collection[str]) -> list[Row]:
    """Inside one organization's scope. Those that a person may choose."""
    chosen = [rule for rule in retention.kept() if rule.bounds]
    at, held, last = running.next_run(timezone.now()), holds.held(), nights.last()
    ordered = sorted((rule.bounds.order, place) for place, rule in enumerate(chosen) if rule.bounds)
    return [_row(chosen[place], at, held, last.get(chosen[place].name), late) for _order, place in ordered]


def _row(rule: RetentionRule, at: datetime, held: Held, last: Last | None, late: Collection[str]) -> Row:
    period, counted = periods.of(rule), rule.counted
    return Row(
        name=rule.name,
        words=_sentence(rule.words),
        after=str(rule.after),
        kept=words.period(period.days),
        may_choose=rule.bounds is not None,
        next=_amount(counted.count(periods.cutoff(rule, at), held, most=MOST_COUNTED + 1))
        if counted
        else None,
        last=last,
        oldest=counted.oldest() if counted else None,
        period=period,
        coming=words.period(period.next_days) if period.next_days else "",
        late=rule.name in late,
    )


def nightly(shown: Sequence[Row], *, is_late: bool) -> Nightly:
    now, held = timezone.now(), holds.held()
    found = [row.next for row in shown if row.next is not None]
    back = [
        rule.counted.held_back(periods.cutoff(rule), held, most=running.MOST_COUNTED + 1)
        for rule in retention.kept()
        if rule.bounds and rule.counted and held.contacts
    ]
    return Nightly(
        at=running.next_run(now),
        going=Amount(sum(each.count for each in found), any(each.over for each in found)),
        gone=sum(row.last.gone for row in shown if row.last),
        held=Amount(sum(back), any(each > running.MOST_COUNTED for each in back)),
        ran=any(row.last for row in shown),
        is_late=is_late,
    )


def fixed() -> list[Fixed]:
    return [
        Fixed(
            _sentence(rule.words),
            str(rule.after),
            words.length(rule.lasts()) if rule.lasts else "",
            str(rule.because),
        )
        for rule in retention.kept()
        if not rule.bounds
    ]


def more_by(rule: RetentionRule, days: int) -> Amount:
    """How much more would be over with a shorter period. Inside one organization's scope."""
    counted = rule.counted
    if counted is None:
        return Amount(0)
    now, held = timezone.now(), holds.held()
    then, today = now - timedelta(days=days), now - timedelta(days=periods.of(rule).days)
    with_it = counted.count(then, held, most=MOST_IN_QUESTION + 1)
    without = counted.count(today, held, most=MOST_IN_QUESTION + 1)
    return Amount(max(0, min(with_it, MOST_IN_QUESTION) - without), with_it > MOST_IN_QUESTION)


def _amount(count: int) -> Amount:
    return Amount(min(count, MOST_COUNTED), count > MOST_COUNTED)


def _sentence(phrase: object) -> str:
    text = str(phrase)
    return text[:1].upper() + text[1:]
