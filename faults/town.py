# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Comune for one sweep: its own database, sandbox and processes, a crowd of people, a mailing to them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from faults.ground import Ground, django_at
from faults.processes import WEB, WORKER, Process, environment, wait_until
from tests.support.ports import free_port
from tests.support.sandbox_server import SandboxProcess, sandbox_process

NUMBERS = [f"10000000000000{n}" for n in range(1, 10)]
VERIFY_TOKEN = "sandbox-verify-token"  # noqa: S105 - a sample value, valid nowhere else
PASSWORD = "una password di prova"  # noqa: S105 - of a sample administrator
EMAIL = "alice@esempio.test"
_START_SECONDS = 60.0
_RECORDING = Path(__file__).with_name("recording.sql")


@dataclass
class _Line:
    """Questions to a database on one connection; a connection that broke is replaced at the next question."""

    url: str
    _connection: psycopg.Connection[Any] | None = None

    def ask(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if self._connection is not None:
            with suppress(psycopg.OperationalError):
                return self._connection.execute(query, values).fetchall()
            self.close()
        self._connection = psycopg.connect(self.url, autocommit=True, connect_timeout=10)
        return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass
class Town:
    ground: Ground
    url: str  # of its database
    sandbox: SandboxProcess
    folder: Path  # the platform's, kept when it goes and comes back; our processes' logs lie there too
    organization_id: int = 0
    sender_ids: list[int] = field(default_factory=list)
    hook_key: str = ""
    web_port: int = 0
    kills: int = 0
    processes: list[Process] = field(default_factory=list)
    _line: _Line | None = None  # while something is waited for

    # --- processes ---

    def worker(self, url: str = "") -> Process:
        return self.process("worker", WORKER, url=url)

    def web(self) -> Process:
        """The web process, answering; on the same port each time."""
        self.web_port = self.web_port or free_port()
        process = self.process("web", WEB, ARENGO_PORT=str(self.web_port))
        wait_until(lambda: self.answers("/healthz") == 200, _START_SECONDS, "the web process answers")
        return process

    def process(self, name: str, command: list[str], url: str = "", **settings: str) -> Process:
        log = self.folder / f"{name}-{len(self.processes) + 1}.log"
        process = Process(command, environment(url or self.url, self.ground.data, **settings), log)
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            process.kill()

    def kill(self, process: Process) -> None:
        process.kill()
        self.kills += 1

    def answers(self, path: str) -> int:
        """The HTTP status of our web process; 0 when nobody answers."""
        from arengo.cli.running import status

        return status(f"http://127.0.0.1:{self.web_port}{path}")

    def connect_webhooks(self) -> None:
        """The platform brings its webhooks to our web process, which must be answering."""
        address = f"http://127.0.0.1:{self.web_port}/hooks/{self.hook_key}"
        wanted = {"override_callback_uri": address, "verify_token": VERIFY_TOKEN}
        answer = self.sandbox.graph("POST", f"/{self.sandbox.waba_id}/subscribed_apps", wanted)
        if answer.status != 200:
            raise RuntimeError(f"the sandbox does not subscribe: {answer.status} {answer.body}")

    # --- the sandbox ---

    def conditions(self, **wanted: Any) -> None:
        self.sandbox.control("POST", "/conditions", wanted)

    def people(self, count: int) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = self.sandbox.control("POST", "/people", {"count": count})["people"]
        return made

    @property
    def accepted(self) -> int:
        """Sends that the platform accepted so far."""
        return int(self.sandbox.control("GET", "/health")["accepted"])

    @property
    def webhooks_pending(self) -> int:
        return int(self.sandbox.control("GET", "/health")["webhooks"]["pending"])

    def ledger(self) -> list[dict[str, Any]]:
        """Every send that the platform accepted."""
        entries: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self.sandbox.control("GET", f"/ledger?limit=10000&after={after}")
            entries += page["ledger"]
            after = page["next"]
        return entries

    # --- the database ---

    def hashes(self, message_ids: Iterable[str]) -> dict[bytes, str]:
        """Hash → id, as this town's vault finds messages: its lookup keys lie in its own database."""
        from arengo.core.vault import vault

        with django_at(self.url):
            return {vault().message_hash(message_id): message_id for message_id in message_ids}

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """One question. It works whatever was killed before."""
        if self._line is not None:
            return self._line.ask(query, values)
        with closing(_Line(self.url)) as line:
            return line.ask(query, values)

    def number(self, query: str, *values: Any) -> int:
        return int(self.rows(query, *values)[0][0])

    def change(self, query: str, *values: Any) -> int:
        """How many rows an UPDATE touched."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as database:
            return database.execute(query, values).rowcount

    @property
    def waiting(self) -> int:
        """Deliveries that are not decided yet."""
        return self.number("SELECT count(*) FROM delivery_outbox")

    @property
    def leaving(self) -> int:
        """Those of them that wait for nothing but their turn."""
        return self.number("SELECT count(*) FROM delivery_outbox WHERE state <> 15")

    @property
    def unread(self) -> int:
        """Webhooks in the journal that nobody has read yet."""
        return self.number("SELECT count(*) FROM intake_journal WHERE state IN (0, 3)")

    # --- a mailing ---

    def mail(self, phones: list[str], *, alert: bool, sender_id: int = 0) -> int:
        """A mailing to these phones is in the outbox; its id."""
        from arengo.core.scope import organization_scope
        from arengo.delivery.models import Sender, Urgency
        from arengo.delivery.queue import outbox
        from arengo.platforms.contract import Address, Template

        with django_at(self.url), organization_scope(self.organization_id):
            sender = Sender.objects.get(pk=sender_id or self.sender_ids[0])
            fanout = outbox.open_fanout(
                sender,
                Template(name="hello_world", language="en_US"),
                urgency=Urgency.ALERT if alert else Urgency.NEWS,
                price_category="utility",
                topic="faults",
            )
            outbox.fill(fanout, (Address(phone=f"+{phone}") for phone in phones))
            outbox.close_fanout(fanout)
            return int(fanout.pk)

    def until(
        self, ready: Callable[[], bool], within: float, what: str | Callable[[], str], step: float = 0.02
    ) -> None:
        """TimeoutError, saying what never happened. What ``ready`` asks goes over one connection: PostgreSQL starts a
        process for each new one, fifty in a second.
        """
        with closing(_Line(self.url)) as self._line:
            try:
                wait_until(ready, within, what, step)
            finally:
                self._line = None

    def receipts_are_in(self, within: float = 600.0) -> None:
        """The platform has no webhook left, and the journal no row."""

        def all_read() -> bool:
            return self.webhooks_pending == 0 and self.unread == 0

        def missing() -> str:
            return f"receipts are in ({self.webhooks_pending} posts wait, {self.unread} webhooks are unread)"

        self.until(all_read, within, missing, 0.05)
        time.sleep(0.3)  # the sandbox tells «delivered» and «read» a moment after «sent»
        self.until(all_read, within, missing, 0.05)

    def patience_ends(self) -> int:
        """As if the time had passed that uncertain deliveries are given for their receipt; how many there were."""
        return self.change(
            "UPDATE delivery_outbox SET claimed_at = claimed_at - interval '1 hour' WHERE state = 15"
        )


@contextmanager
def town(ground: Ground, *, rate: int = 500, numbers: int = 1, **sandbox: str) -> Iterator[Town]:
    """A Comune whose numbers send ``rate`` messages a second each. Everything ends with the block."""
    settings = {
        "SANDBOX_PHONE_NUMBER_IDS": ",".join(NUMBERS[:numbers]),
        "SANDBOX_MPS": "1000",
        "SANDBOX_WEBHOOK_RETRY_BASE": "0.2",
        "SANDBOX_WEBHOOK_RETRY_MAX": "2",
        **sandbox,
    }
    with ExitStack() as stack:
        url = ground.new_database()
        stack.callback(_drop, ground, url)
        # A name of its own: ports come again, and the platform of an earlier sweep remembers what that one sent.
        folder = Path(tempfile.mkdtemp(prefix="sandbox-", dir=ground.folder))
        platform = stack.enter_context(sandbox_process(folder, port=free_port(), stderr=None, **settings))
        made = Town(ground, url, platform, folder)
        stack.callback(made.end)
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(_RECORDING.read_bytes())
        _populate(made, rate)
        yield made


def _drop(ground: Ground, url: str) -> None:
    with suppress(psycopg.Error):  # a sweep may leave PostgreSQL dead
        ground.drop_database(url)


def _populate(made: Town, rate: int) -> None:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from arengo.core.models import Membership, Organization, Person, Role
    from arengo.core.scope import organization_scope
    from arengo.delivery.models import Sender
    from arengo.platforms.contract import Credentials

    with django_at(made.url):
        organization = Organization.objects.create(name="Comune di Esempio", slug="esempio")
        alice = Person.objects.create_user(EMAIL, PASSWORD, name="Alice Esempio")
        # Tests hash carelessly; the web process, which has the real settings, does not know their way.
        hasher = PBKDF2PasswordHasher()
        Person.objects.filter(pk=alice.pk).update(password=hasher.encode(PASSWORD, hasher.salt()))
        with organization_scope(organization):
            Membership.objects.create(organization=organization, person=alice, roles=[Role.ADMINISTRATOR])
            for number in made.sandbox.account["phone_numbers"]:
                sender = Sender(organization=organization, name="Comune di Esempio", rate=rate)
                sender.display_phone = number["display_phone_number"]
                sender.credentials = Credentials(
                    base_url=made.sandbox.url,
                    version="v24.0",
                    number_id=str(number["id"]),
                    account_id=made.sandbox.waba_id,
                    token=made.sandbox.token,
                    app_secret=made.sandbox.app_secret,
                    verify_token=VERIFY_TOKEN,
                )
                sender.save()
                made.sender_ids.append(sender.pk)
                made.hook_key = made.hook_key or sender.hook_key
        made.organization_id = organization.pk
