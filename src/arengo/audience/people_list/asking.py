# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an address of the list of people asks for. What cannot be read is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from arengo.audience.models import Consent
from arengo.core import outside

WAYS = (Consent.Source.MESSAGE, Consent.Source.STAFF, Consent.Source.IMPORT)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = 4_000_000_000 * 1_000_000  # microseconds: the year 2096


@dataclass(frozen=True)
class Place:
    """The row after which a page begins."""

    at: datetime
    pk: int

    def written(self) -> str:
        return f"{int((self.at - _EPOCH) / timedelta(microseconds=1))}-{self.pk}"


def place(written: str) -> Place | None:
    stamp, _dash, key = written.partition("-")
    micro, pk = outside.whole(stamp, most=_LAST_MOMENT), outside.whole(key)
    return Place(_EPOCH + timedelta(microseconds=micro), pk) if micro is not None and pk is not None else None


@dataclass(frozen=True)
class Asked:
    """``left``: who is on the list no more. ``since``: not before that day. ``down_from``: the list begins with that day."""

    left: bool = False
    topic: int | None = None
    way: str = ""
    stopped: bool = False
    since: date | None = None
    down_from: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether some of those who are passed on the way do not fit."""
        return self.topic is not None or bool(self.way) or self.stopped

    @property
    def params(self) -> dict[str, str]:
        """Query parameters that say the same again."""
        return {
            name: value
            for name, value in (
                ("chi", "left" if self.left else ""),
                ("tema", str(self.topic or "")),
                ("come", self.way),
                ("ferme", "1" if self.stopped else ""),
                ("dal", self.since.isoformat() if self.since else ""),
                ("giorno", self.down_from.isoformat() if self.down_from else ""),
            )
            if value
        }

    def query(self, **changes: str) -> str:
        """``?…`` with other parameters; "" takes one away. Never the bare address, which would keep what the page had."""
        return "?" + urlencode({name: value for name, value in {**self.params, **changes}.items() if value})

    def start(self) -> Place:
        """Before everybody, or before those of the day from which the list goes down."""
        if self.down_from is None:
            return Place(_EPOCH + timedelta(microseconds=_LAST_MOMENT), 0)
        return Place(midnight(self.down_from + timedelta(days=1)), 0)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def asked(given: QueryDict, topics: Mapping[int, str]) -> Asked:
    topic = outside.whole(given.get("tema"))
    way = given.get("come", "")
    return Asked(
        left=given.get("chi") == "left",
        topic=topic if topic in topics else None,
        way=way if way in WAYS else "",
        stopped=given.get("ferme") == "1",
        since=outside.day(given.get("dal")),
        down_from=outside.day(given.get("giorno")),
    )
