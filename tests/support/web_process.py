# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real web process over the test's database: for what only a process can show. Needs committed rows."""

from __future__ import annotations

import asyncio
import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from arengo.core.models import Person
from tests.support.ports import free_port
from tests.support.waiting import NEVER, until

_NAME = "web under test"  # of its pool's database sessions
ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}&port={values['PORT']}"


def session_cookie(person: Person) -> str:
    """A signed-in session of this person, as the value of a Cookie header."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class WebProcess:
    def __init__(self, process: subprocess.Popen[bytes], port: int, host: str) -> None:
        self.process, self.port, self.host = process, port, host
        self.seen = psutil.Process(process.pid)

    def get(
        self, path: str, cookie: str = "", method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        """Status, body, headers in lower case."""
        connected = http.client.HTTPConnection("127.0.0.1", self.port, timeout=NEVER)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connected.request(
                method,
                path,
                body=body,
                headers={"Host": self.host, **({"Cookie": cookie} if cookie else {}), **named},
            )
            answer = connected.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connected.close()

    async def open(self, path: str, cookie: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A request sent, its answer to be read by hand."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=256 * 1024)
        head = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
        writer.write(head.encode() + b"\r\n")
        await writer.drain()
        return reader, writer

    def busy_sessions(self) -> int:
        """Database sessions of Django's pool that are in the middle of something."""
        with psycopg.connect(database_url()) as watching:
            row = watching.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND state <> 'idle'",
                [_NAME],
            ).fetchone()
        return int(row[0]) if row else 0

    def descriptors(self) -> int:
        return self.seen.num_fds()

    def threads(self) -> int:
        return self.seen.num_threads()

    def memory(self) -> int:
        """Bytes resident."""
        return int(self.seen.memory_info().rss)


@contextmanager
def web_process(host: str, folder: Path, **settings: str) -> Iterator[WebProcess]:
    """Serves until the block ends. ``host`` is the one its requests name."""
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
        "DATABASE_URL": database_url(),
        "ARENGO_PORT": str(port),
        "ARENGO_DATA": os.environ["ARENGO_DATA"],
        "PGAPPNAME": _NAME,
        **settings,
    }
    program = "from arengo.cli.running import web; import os; p = web(); os.execv(p.command[0], p.command)"
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=log, stderr=log)
    web = WebProcess(process, port, host)

    def answers() -> bool:
        assert process.poll() is None, (folder / "web.log").read_text()
        try:
            return web.get("/healthz")[0] == 200
        except OSError:
            return False

    try:
        until(answers, "the web process")
        yield web
    finally:
        process.terminate()
        process.wait(NEVER)
