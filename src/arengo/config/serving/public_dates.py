# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Since when each public page is as it is: its Last-Modified (RFC 9110 §8.8.2), and what If-Modified-Since gets (§13.1.3).

The date is when this process first rendered these bytes after the last change that it heard. So it never goes back: what
is withdrawn makes a page newer. A date counts whole seconds. A page is dated only when the second in which it was rendered
is over: nothing else can have been rendered under the same date and be told apart by it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from django.utils.http import http_date, parse_http_date_safe

from arengo.config.serving.public_memory import Key

_MOST = 4096  # pages whose date is remembered; of one that is forgotten a reader gets the whole once more


class _Noted(NamedTuple):
    tag: bytes
    at: int
    organization: int
    tables: frozenset[str]


class Dates:
    """One a process. Answers leave the memory with time alone; their dates stay until something changes."""

    def __init__(self) -> None:
        self._noted: OrderedDict[Key, _Noted] = OrderedDict()

    def of(self, key: Key, tag: bytes, organization: int, tables: frozenset[str], now: float) -> int:
        """Seconds since 1970 from which on the page has been what ``tag`` names; ``now`` for one that is new."""
        known = self._noted.get(key)
        if known is None or known.tag != tag:
            known = _Noted(tag, int(now), organization, tables)
        self._noted[key] = known
        self._noted.move_to_end(key)
        if len(self._noted) > _MOST:
            self._noted.popitem(last=False)
        return known.at

    def drop(self, organization: int | None, table: str) -> None:
        """A row of this table, of this organization (None: of any), has changed."""
        for key, known in list(self._noted.items()):
            if organization in (None, known.organization) and table in known.tables:
                del self._noted[key]

    def clear(self) -> None:
        self._noted.clear()


def written(seconds: int) -> bytes:
    return http_date(seconds).encode()


def is_unchanged(since: bytes, modified: int, now: float) -> bool:
    """Whether who has the page of ``since`` (If-Modified-Since) has this one. A date that is none, or is still to come, says nothing."""
    seconds = parse_http_date_safe(since.decode("latin1"))
    return seconds is not None and modified <= seconds <= now
