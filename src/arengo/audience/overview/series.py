# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the list is told apart by over time: by way, by reason, by topic. Other rooms register their own, from their AppConfig."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Topic
from arengo.audience.overview import figures, ways
from arengo.audience.overview.keeping import Counts
from arengo.audience.overview.models import ListDay
from arengo.audience.overview.periods import Column
from arengo.core.models import Organization


@dataclass(frozen=True)
class Series:
    """``counts``: one of each column; None where it was not counted then. ``name`` may be foreign words."""

    name: str
    counts: Sequence[int | None]

    @property
    def total(self) -> int:
        return sum(many or 0 for many in self.counts)


@dataclass(frozen=True)
class By:
    """``key``: of the address. ``about``: the sentence below the title. ``summed``: columns may be added up; else each is how many
    there were at its end. ``read``: inside the organization's scope.
    """

    key: str
    label: str | Promise
    about: str | Promise
    summed: bool
    read: Callable[[Organization, Sequence[Column]], Sequence[Series]]


_by: dict[str, By] = {}


def register(*kinds: By) -> None:
    for kind in kinds:
        _by[kind.key] = kind


def kinds() -> Sequence[By]:
    """In the order in which they were registered."""
    return list(_by.values())


def added_up(
    columns: Sequence[Column], days: Mapping[date, Mapping[str, int]], words: Callable[[str], str]
) -> list[Series]:
    """Of what was counted by day and key: a series of each key that ever happened, the largest first."""
    found: dict[str, Counter[int]] = {}
    for day, counts in days.items():
        for place in (at for at, one in enumerate(columns) if one.first <= day <= one.last):
            for key, many in counts.items():
                found.setdefault(key, Counter())[place] += many
    series = [Series(words(key), [each[at] for at in range(len(columns))]) for key, each in found.items()]
    return sorted((one for one in series if one.total), key=lambda one: -one.total)


def _of_days(
    of: Callable[[Counts], Mapping[str, int]], words: Callable[[str], str]
) -> Callable[[Organization, Sequence[Column]], Sequence[Series]]:
    def read(organization: Organization, columns: Sequence[Column]) -> Sequence[Series]:
        days = figures.days_of(organization, columns[0].first, columns[-1].last)
        return added_up(columns, {day: of(counts) for day, counts in days.items()}, words)

    return read


def _topics(organization: Organization, columns: Sequence[Column]) -> Sequence[Series]:
    """As the last night of each column counted them; today's as the last night did, or as they are now."""
    today = columns[-1].last
    nights = dict(
        ListDay.objects.filter(day__gte=columns[0].first, day__lte=today, topics__isnull=False).values_list(
            "day", "topics"
        )
    )
    ends: list[Mapping[str, int] | None] = []
    for column in columns:
        last = max((day for day in nights if column.first <= day <= column.last), default=None)
        ends.append(nights[last] if last else None)
    if ends[-1] is None:
        ends[-1] = figures.nights(organization, today)[0].topics
    return [
        Series(topic.name, [None if end is None else end.get(str(topic.pk), end.get("0", 0)) for end in ends])
        for topic in Topic.in_use()
    ]


def register_own() -> None:
    register(
        By(
            "modi",
            _("Come si sono iscritti"),
            _("Arrivi, per modo."),
            True,
            _of_days(lambda counts: counts.joined, ways.words_of),
        ),
        By(
            "motivi",
            _("Perché se ne vanno"),
            _("Uscite, per motivo."),
            True,
            _of_days(lambda counts: counts.left, ways.reason_of),
        ),
        By(
            "temi",
            _("Che cosa ricevono"),
            _(
                "Quanti ricevono ogni tema, alla fine di ogni periodo. Chi li riceve tutti è contato in ognuno."
            ),
            False,
            _topics,
        ),
    )
