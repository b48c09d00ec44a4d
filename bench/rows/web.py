# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people who stay, stall or vanish cost the others: the home page beside a thousand open live streams."""

from __future__ import annotations

import asyncio
import io
import json
import random
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import psutil

from bench.city import City
from bench.figures import Figure, figure
from bench.processes import Failed, Process, until
from bench.run import Run

STALLED = 100
TWICE, KILOBYTES = 2.0, 100.0
_HOST = "127.0.0.1"
_LATER = 60.0  # seconds after which everything is as before


@dataclass(frozen=True)
class _Held:
    """What the web process holds."""

    descriptors: int
    sessions: int
    tasks: int
    memory: float  # bytes

    def __str__(self) -> str:
        return f"{self.descriptors} descriptors, {self.sessions} database sessions, {self.tasks} tasks, {self.memory / 1e6:.0f} MB"


def streams(run: Run) -> list[Figure]:
    count, asked = run.size(1_000, 100), run.size(1_000, 100)
    city = run.fresh_city(numbers=1)
    cookies, picture = people(city, count // 20), _picture(city)
    web, port = run.installation.web()
    _home(port, asked)  # everything is loaded and the caches are filled
    quiet = _home(port, asked)
    before = _held(run, web)
    run.say(f"quiet: home p95 {quiet * 1000:.1f} ms; {before}")
    loaded, during = asyncio.run(_crowd(run, web, port, cookies, picture, count, asked))
    run.say(f"{count} streams, {STALLED} stalled, {count} aborted: home p95 {loaded * 1000:.1f} ms; {during}")
    time.sleep(_LATER)
    after = _held(run, web)
    run.say(f"a minute later: {after}")
    run.processes.end(web)
    each = max(0.0, during.memory - before.memory) / count / 1000
    left = max(after.descriptors - before.descriptors, 0) + max(after.sessions - before.sessions, 0)
    left += max(after.tasks - before.tasks, 0)
    return [
        figure("web.streams", loaded * 1000, "ms (home, p95)", "the same, nobody else there", quiet * 1000),
        figure("web.streams.memory", each, "kB a stream", "the bar", KILOBYTES),
        figure("web.streams.after", left, "tasks, descriptors, sessions more than before", "the bar", 1),
    ]


def people(city: City, count: int) -> list[str]:
    """Signed-in operators, as Cookie headers."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from arengo.core.models import Membership, Person, Role
    from arengo.core.scope import organization_scope

    cookies = []
    for number in range(count):
        person = Person.objects.create_user(f"p{number}@esempio.test", None, name=f"Persona {number}")
        with organization_scope(city.organization):
            Membership.objects.create(organization=city.organization, person=person, roles=[Role.OPERATOR])
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def _picture(city: City) -> str:
    """The address of a large picture on the public channel."""
    from django.core.files.base import ContentFile
    from PIL import Image

    from arengo.channel import board
    from arengo.core.scope import organization_scope

    noise = Image.frombytes("RGB", (1200, 1200), random.Random(1).randbytes(1200 * 1200 * 3))  # noqa: S311 - a sample
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=95)
    with organization_scope(city.organization):
        post = board.publish_post(
            city.organization,
            key="picture",
            title="Esempio",
            items=[],
            image=ContentFile(written.getvalue(), name="x.jpg"),
            image_alt="Esempio",
        )
    return f"/canale/{post.pk}/immagine"


def _home(port: int, count: int) -> float:
    """p95 of the public home page, seconds, one request after the other on one connection."""
    connection = HTTPConnection(_HOST, port, timeout=60)
    times = []
    for _ in range(count):
        began = time.monotonic()
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise Failed(f"the home page answered {answer.status}")
        times.append(time.monotonic() - began)
    connection.close()
    return sorted(times)[int(len(times) * 0.95)]


async def _crowd(
    run: Run, web: Process, port: int, cookies: list[str], picture: str, count: int, asked: int
) -> tuple[float, _Held]:
    opened = []
    for number in range(count):
        reader, writer = await _ask(
            port, "/console/live/?topics=inbox", f"Cookie: {cookies[number // 20]}\r\n"
        )
        head = await asyncio.wait_for(reader.readuntil(b"retry: 1000\n\n"), 60)
        if not head.startswith(b"HTTP/1.1 200"):
            raise Failed(f"stream {number} was answered {head[:40]!r}")
        opened.append((reader, writer))
    during = _held(run, web)
    for _ in range(STALLED):
        reader, writer = await _ask(port, picture)
        writer.write(f"GET {picture} HTTP/1.1\r\nHost: {_HOST}\r\n\r\n".encode() * 10)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport has it
        opened.append((reader, writer))
    await asyncio.sleep(3)  # what they asked for is under way
    loaded, _ = await asyncio.gather(asyncio.to_thread(_home, port, asked), _abort(port, picture, count))
    for _reader, writer in opened:
        writer.transport.abort()
    return loaded, during


async def _ask(port: int, path: str, more: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(_HOST, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {_HOST}\r\n{more}\r\n".encode())
    await writer.drain()
    return reader, writer


async def _abort(port: int, path: str, count: int) -> None:
    """Asks and hangs up at once, twenty-five a second: as people do who change their mind."""
    for _ in range(count):
        _reader, writer = await _ask(port, path)
        await asyncio.sleep(0.005)
        writer.transport.abort()
        await asyncio.sleep(0.035)


def _held(run: Run, web: Process) -> _Held:
    """Asked until a heartbeat has told the tasks as they are now."""
    process = psutil.Process(web.pid)
    asked_at = time.time()
    found: dict[str, Any] = {}

    def reported() -> bool:
        with run.installation.connect() as database:
            row = database.execute(
                "SELECT detail::text FROM core_heartbeat WHERE kind = 'web' AND at > to_timestamp(%s)",
                [asked_at],
            ).fetchone()
        found.update(json.loads(row[0]) if row else {})
        return row is not None

    until(reported, 30, "the web process's heartbeat", web)
    with run.installation.connect() as database:
        row = database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    return _Held(process.num_fds(), int(row[0]) if row else 0, int(found["tasks"]), process.memory_info().rss)
