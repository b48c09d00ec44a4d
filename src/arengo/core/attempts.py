# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often something may be tried: counters in the database, shared by all web processes.

A counter is found by a keyed hash of what is counted and of whom: no address stands in the table. It counts within a
window that begins with the first attempt; when the window is over the counter begins again, and a job deletes it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.http import HttpRequest, HttpResponse

from arengo.core import bulk
from arengo.core.ceilings import ANONYMOUS_POST, Ceiling
from arengo.core.client_address import network_of
from arengo.core.screens import Screen
from arengo.core.vault import vault

_MOST_FORGOTTEN = 50_000  # rows that one run of the job deletes
_CHUNK = 5_000
_ENTRANCE = "/console/accesso/"  # pages that ask for a password or a code


class TooManyAttempts(Exception):
    """``until``: when the next attempt is counted anew. Raised in a view, it becomes the page 429."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many attempts")
        self.until = until


# The window's end stays where it is while it runs, so that a lock ends by itself however often somebody tries. Always in
# the order of keys: of two that count the same ones, neither waits for the other in a circle.
_COUNT = """
INSERT INTO core_attempt AS known (key, count, until)
SELECT key, times, clock_timestamp() + seconds * interval '1 second'
FROM unnest(%s::bytea[], %s::int[], %s::float[]) AS c (key, times, seconds) ORDER BY key
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN known.until <= clock_timestamp() THEN EXCLUDED.count ELSE LEAST(known.count + EXCLUDED.count, 1000000) END,
  until = CASE WHEN known.until <= clock_timestamp() THEN EXCLUDED.until ELSE known.until END
"""


def attempt(ceiling: Ceiling, whom: str) -> None:
    """Counts one attempt, before it is made. TooManyAttempts beyond the ceiling, also among simultaneous ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_COUNT} RETURNING count, until", _counting({_key(ceiling.kind, whom): (1, ceiling)})
        )
        [(count, until)] = cursor.fetchall()
    if count > ceiling.times:
        raise TooManyAttempts(until)


def allowed(ceiling: Ceiling, whom: str) -> bool:
    """As :func:`attempt`, for what is left undone in silence."""
    return allowed_of([(ceiling, whom)])[0]


def allowed_of(wanted: Sequence[tuple[Ceiling, str]]) -> list[bool]:
    """As :func:`allowed`, of any number in one statement; of the same ceiling and person those in front come first."""
    keys = [_key(ceiling.kind, whom) for ceiling, whom in wanted]
    times = Counter(keys)
    ceilings = {key: ceiling for key, (ceiling, _whom) in zip(keys, wanted, strict=True)}
    counted: dict[bytes, int] = {}
    if keys:
        with connection.cursor() as cursor:
            values = _counting({key: (times[key], ceilings[key]) for key in times})
            cursor.execute(f"{_COUNT} RETURNING key, count", values)
            counted = {bytes(key): count for key, count in cursor.fetchall()}
    left = {key: ceilings[key].times - (count - times[key]) for key, count in counted.items()}
    verdicts = []
    for key in keys:
        verdicts.append(left[key] > 0)
        left[key] -= 1
    return verdicts


def _counting(wanted: Mapping[bytes, tuple[int, Ceiling]]) -> list[str]:
    """The values of ``_COUNT``."""
    return [
        bulk.array("bytea", wanted),
        bulk.array("integer", [times for times, _ceiling in wanted.values()]),
        bulk.array(
            "double precision", [ceiling.within.total_seconds() for _times, ceiling in wanted.values()]
        ),
    ]


def take_back(ceiling: Ceiling, whom: str) -> None:
    """The attempt succeeded: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_attempt SET count = count - 1 WHERE key = %s AND count > 0",
            [_key(ceiling.kind, whom)],
        )


def _key(kind: str, whom: str) -> bytes:
    return vault().lookup(f"attempt\0{kind}\0{whom}")


def forget_old() -> int:
    """Deletes counters whose window is over, in small steps, up to a bound. Returns how many."""
    forgotten = 0
    while forgotten < _MOST_FORGOTTEN:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM core_attempt WHERE key IN"
                " (SELECT key FROM core_attempt WHERE until <= clock_timestamp() LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)",
                [_CHUNK],
            )
            gone = cursor.rowcount
        forgotten += gone
        if gone < _CHUNK:
            break
    return forgotten


class Counters(BaseCache):
    """Django's cache over the same table: allauth keeps its own counters there, on each page that has a limit.

    Values are JSON. Keys are hashed as all others.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _row(self, key: str, version: int | None) -> bytes:
        return _key("cache", self.make_and_validate_key(key, version=version))

    def _seconds(self, timeout: float | None) -> float:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return 86_400.0 if seconds is None else float(seconds)  # nothing stays for ever

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_attempt AS known (key, count, value, until)"
                " VALUES (%s, 0, %s::jsonb, clock_timestamp() + %s * interval '1 second')"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until"
                " WHERE known.until <= clock_timestamp()",
                [self._row(key, version), json.dumps(value), self._seconds(timeout)],
            )
            return bool(cursor.rowcount == 1)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT value::text FROM core_attempt WHERE key = %s AND until > clock_timestamp()",
                [self._row(key, version)],
            )
            row = cursor.fetchone()
        return default if row is None or row[0] is None else json.loads(row[0])

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_attempt (key, count, value, until)"
                " VALUES (%s, 0, %s::jsonb, clock_timestamp() + %s * interval '1 second')"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until",
                [self._row(key, version), json.dumps(value), self._seconds(timeout)],
            )

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_attempt SET until = clock_timestamp() + %s * interval '1 second' WHERE key = %s AND until > clock_timestamp()",
                [self._seconds(timeout), self._row(key, version)],
            )
            return bool(cursor.rowcount == 1)

    def delete(self, key: str, version: int | None = None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_attempt WHERE key = %s", [self._row(key, version)])
            return bool(cursor.rowcount == 1)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_attempt")


class AttemptsMiddleware:
    """Every form that somebody sends without being signed in counts, on whatever page; too many of anything is a 429.

    A browser in which somebody has signed in before counts by itself, not with its network: nobody in the same building can
    use up its attempts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *rest: Any) -> HttpResponse | None:
        from arengo.core.known_devices import mark_of

        if request.method in {"GET", "HEAD", "OPTIONS"} or request.user.is_authenticated:
            return None
        try:
            attempt(ANONYMOUS_POST, mark_of(request) or network_of(request))
        except TooManyAttempts as too_many:
            return refuse(request, too_many)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refuse(request, exception) if isinstance(exception, TooManyAttempts) else None


@dataclass(frozen=True)
class TooManyPage(Screen):
    """``until``: when it may be tried again; None: not known. ``about_password``: they were trying to sign in."""

    until: datetime | None
    about_password: bool


def refuse(request: HttpRequest, too_many: TooManyAttempts | None = None) -> HttpResponse:
    """The page that says until when nothing more may be tried, and what to do meanwhile."""
    from django.utils import timezone

    from arengo.core.error_pages import error_page

    until = too_many.until if too_many else None
    signing_in = not request.user.is_authenticated or request.path.startswith(_ENTRANCE)
    response = error_page(request, "429.html", TooManyPage(until, signing_in), status=429)
    if until:
        response["Retry-After"] = str(max(1, int((until - timezone.now()).total_seconds())))
    return response
