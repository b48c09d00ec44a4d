# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real workers over one database: started, killed, frozen and cut off, while they own numbers and send."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Outbox, OutboxState, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.queue.rebalancing import owners, workers
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import make_sender
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess, free_port, sandbox_process
from tests.support.waiting import NEVER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

SOON = 90.0  # seconds: far above what it takes (docs/architecture.md), far below the two hours of a forgotten lock

RECIPIENTS = 300
RATE = 100
UNSENT = 3  # claimed and not sent, so that what becomes of them is seen


class WorkerProcess:
    """A real worker, known to the others by its host and process id."""

    def __init__(self, host: str, port: int | None = None) -> None:
        values = connection.settings_dict
        address = f"postgresql://{values['USER']}@/{values['NAME']}?host={quote(host, safe='')}"
        environment = {
            **os.environ,
            "DATABASE_URL": address if port is None else f"{address}&port={port}",
            "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
            "ARENGO_VAULT_KEYS": settings.ARENGO_VAULT_KEYS,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "arengo.config.worker"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.name = f"{socket.gethostname()}:{self.process.pid}"

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    @property
    def owned(self) -> list[int]:
        return sorted(number for number, owner in owners().items() if owner == self.name)


@pytest.fixture
def start() -> Iterator[Callable[..., WorkerProcess]]:
    """``start()`` a worker; whatever is left of it is killed at the end."""
    started: list[WorkerProcess] = []

    def start(host: str = str(connection.settings_dict["HOST"]), port: int | None = None) -> WorkerProcess:
        started.append(WorkerProcess(host, port))
        return started[-1]

    yield start
    for worker in started:
        worker.process.kill()
        worker.process.wait()


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    with sandbox_process(SANDBOX_MPS="1000") as sandbox:
        sandbox.control("POST", "/conditions", {"latency_ms": 60})
        yield sandbox


def until(done: Callable[[], bool], what: str) -> float:
    """The seconds until ``done``."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < NEVER, f"{what}: never; owners are {owners()}, workers {workers()}"
        time.sleep(0.05)
    return time.monotonic() - began


def numbers(scope: Organization, count: int, url: str, rate: int = 80) -> list[Sender]:
    made = []
    for index in range(count):
        sender = make_sender(scope, f"Numero {index}", rate=rate, credentials=credentials(url))
        made.append(sender)
    return made


def even(*running: WorkerProcess, each: int) -> Callable[[], bool]:
    wanted = dict.fromkeys((worker.name for worker in running), each)
    return lambda: Counter(owners().values()) == wanted


def epochs() -> dict[int, int]:
    return dict(Sender.objects.values_list("pk", "epoch"))


def ledger(sandbox: SandboxProcess) -> Counter[int]:
    """How often each delivery was heard outside."""
    sends = sandbox.control("GET", "/ledger?limit=10000")["ledger"]
    return Counter(int(send["biz_opaque_callback_data"]) for send in sends)


def heard(sandbox: SandboxProcess, sender: Sender, person: Address) -> Callable[[], bool]:
    """Writes to a person with that number; whether it was heard outside."""
    delivery = outbox.enqueue(sender, person, Text("Prova"))
    assert delivery is not None
    return lambda: ledger(sandbox)[delivery.pk] == 1


def people(sandbox: SandboxProcess, count: int) -> list[Address]:
    made = sandbox.control("POST", "/people", {"count": count})["people"]
    return [Address(phone=f"+{person['phone']}") for person in made]


def test_three_workers_share_twelve_numbers_and_the_dead_ones_are_taken_over(
    scope: Organization, sandbox: SandboxProcess, start: Callable[..., WorkerProcess]
) -> None:
    senders = numbers(scope, 12, sandbox.url)
    persons = people(sandbox, 12)
    a, b, c = start(), start(), start()
    until(even(a, b, c, each=4), "four each")
    before, settled, lost = epochs(), owners(), c.owned

    c.process.kill()
    moved = until(even(a, b, each=6), "the killed worker's numbers with the others")
    assert moved < SOON
    assert all(owners()[pk] == owner for pk, owner in settled.items() if pk not in lost)
    until(lambda: all(epochs()[pk] > before[pk] for pk in lost), "a new epoch for what moved")
    waiting = [heard(sandbox, sender, person) for sender, person in zip(senders, persons, strict=True)]
    until(lambda: all(done() for done in waiting), "every number sends")

    d = start()
    until(even(a, b, d, each=4), "four each again")
    b.signal(signal.SIGTERM)
    assert b.process.wait(NEVER) == 0
    assert until(even(a, d, each=6), "the numbers of the one that left") < SOON
    assert len(ledger(sandbox)) == 12


def test_a_frozen_worker_loses_its_numbers_and_gets_its_share_again_when_it_wakes(
    scope: Organization, start: Callable[..., WorkerProcess]
) -> None:
    numbers(scope, 12, "http://127.0.0.1:9")
    a, b, c = start(), start(), start()
    until(even(a, b, c, each=4), "four each")
    before, lost = epochs(), c.owned

    c.signal(signal.SIGSTOP)
    moved = until(even(a, b, each=6), "the frozen worker's numbers with the others")
    assert moved < SOON
    assert sorted(workers()) == sorted([a.name, b.name])
    until(lambda: all(epochs()[pk] > before[pk] for pk in lost), "a new epoch for what moved")

    c.signal(signal.SIGCONT)
    until(even(a, b, c, each=4), "four each again")
    after = owners()
    time.sleep(3)  # several looks of everybody
    assert owners() == after, "numbers move although they are spread evenly"


def send_to_all(sender: Sender, sandbox: SandboxProcess) -> None:
    everybody = people(sandbox, RECIPIENTS)
    with transaction.atomic():
        for person in everybody:
            outbox.enqueue(sender, person, Text("Avviso di prova"), urgency=Urgency.NEWS)


def in_state(*states: DeliveryState) -> set[int]:
    return set(Delivery.objects.filter(state__in=states).values_list("pk", flat=True))


def frozen_with_claims(worker: WorkerProcess, sandbox: SandboxProcess) -> bool:
    """Freezes it; where it has just sent nearly all that it had claimed, it goes on."""
    worker.signal(signal.SIGSTOP)
    time.sleep(0.1)  # what it had sent arrives
    claimed = Outbox.objects.filter(state=OutboxState.CLAIMED).values_list("delivery_id", flat=True)
    if len(set(claimed) - set(ledger(sandbox))) >= UNSENT:
        return True
    worker.signal(signal.SIGCONT)
    return False


def all_decided() -> bool:
    return len(in_state(DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)) == RECIPIENTS


def test_a_frozen_worker_that_wakes_gives_back_its_old_claims_and_nobody_hears_twice(
    scope: Organization, sandbox: SandboxProcess, start: Callable[..., WorkerProcess]
) -> None:
    (sender,) = numbers(scope, 1, sandbox.url, rate=RATE)
    a = start()
    until(lambda: a.owned == [sender.pk], "the number has an owner")
    b = start()
    until(lambda: b.name in workers(), "the second worker lives")
    send_to_all(sender, sandbox)

    until(lambda: len(ledger(sandbox)) > RECIPIENTS // 4, "a quarter is sent")
    until(lambda: frozen_with_claims(a, sandbox), "frozen with something in its hands")
    assert until(lambda: b.owned == [sender.pk], "the number moves") < SOON
    until(all_decided, "the successor sends the rest")
    assert RECIPIENTS - len(ledger(sandbox)) >= UNSENT

    a.signal(signal.SIGCONT)
    until(lambda: a.name in workers(), "the woken worker lives again")
    # What it had sent is proved by the answers that it found when it woke; of the rest it says that it never left, and
    # the successor sends it.
    until(lambda: len(in_state(DeliveryState.ACCEPTED)) == RECIPIENTS, "everybody is reached")
    assert set(ledger(sandbox).values()) == {1}, "somebody heard it twice"


@contextlib.contextmanager
def wire(host: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port of a wire to the database, and its process."""
    (database,) = [path for path in Path(host).glob(".s.PGSQL.*") if path.suffix != ".lock"]
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.delivery.queue.wire", str(port), str(database)])
    try:
        yield port, process
    finally:
        process.kill()
        process.wait()


def test_a_worker_cut_off_from_the_database_stops_sending_and_its_results_are_not_lost(
    scope: Organization, sandbox: SandboxProcess, start: Callable[..., WorkerProcess]
) -> None:
    (sender,) = numbers(scope, 1, sandbox.url, rate=RATE)
    with wire(str(connection.settings_dict["HOST"])) as (port, network):
        a = start("127.0.0.1", port)
        until(lambda: a.owned == [sender.pk], "the number has an owner")
        b = start()
        until(lambda: b.name in workers(), "the second worker lives")
        send_to_all(sender, sandbox)

        until(lambda: len(ledger(sandbox)) > RECIPIENTS // 4, "a quarter is sent")
        network.send_signal(signal.SIGSTOP)
        assert until(lambda: b.owned == [sender.pk], "the number moves") < SOON
        until(all_decided, "the successor sends the rest")
        sent = ledger(sandbox)

        network.send_signal(signal.SIGCONT)
        until(lambda: a.name in workers(), "the worker lives again")
        until(lambda: in_state(DeliveryState.ACCEPTED) == set(sent), "what was really sent is known")
        assert ledger(sandbox) == sent
        assert max(sent.values()) == 1, "somebody heard it twice"
