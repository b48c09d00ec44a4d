# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real worker, killed without warning in the middle of a mailing, and started again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import make_sender
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess, sandbox_process
from tests.support.waiting import NEVER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

RECIPIENTS = 300
KILLS = 4


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    with sandbox_process(SANDBOX_MPS="1000") as sandbox:
        sandbox.control("POST", "/conditions", {"latency_ms": 60})
        yield sandbox


def worker() -> subprocess.Popen[bytes]:
    values = connection.settings_dict
    address = f"postgresql://{values['USER']}@/{values['NAME']}?host={quote(str(values['HOST']), safe='')}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
        "ARENGO_VAULT_KEYS": settings.ARENGO_VAULT_KEYS,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "arengo.config.worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def left() -> int:
    return Delivery.objects.filter(state=DeliveryState.QUEUED).count()


def wait(done: int, within: float = NEVER) -> None:
    """Until no more than ``done`` deliveries wait or are on their way."""
    deadline = time.monotonic() + within
    while left() > done:
        assert time.monotonic() < deadline, f"{left()} deliveries still wait"
        time.sleep(0.02)


def wait_for_takeover(sender: Sender, epoch: int, within: float = NEVER) -> None:
    """Until the worker that was started has the number: on a busy machine the one before may have left it little to do."""
    deadline = time.monotonic() + within
    while sender.epoch < epoch:
        assert time.monotonic() < deadline, "nobody takes the number over"
        time.sleep(0.02)
        sender.refresh_from_db()


def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(
    scope: Organization, sandbox: SandboxProcess
) -> None:
    sender = make_sender(scope, rate=200, credentials=credentials(sandbox.url))
    for person in sandbox.control("POST", "/people", {"count": RECIPIENTS})["people"]:
        outbox.enqueue(
            sender, Address(phone=f"+{person['phone']}"), Text("Avviso di prova"), urgency=Urgency.NEWS
        )

    for kill in range(1, KILLS + 1):
        process = worker()
        try:
            wait_for_takeover(sender, kill)
            wait(RECIPIENTS - kill * RECIPIENTS // (KILLS + 2))
        finally:
            process.kill()
            process.wait()
    process = worker()
    try:
        wait_for_takeover(sender, KILLS + 1)
        wait(0)
        time.sleep(0.3)  # the last results are being written
    finally:
        process.terminate()
        assert process.wait(NEVER) == 0

    sent = Counter(
        send["biz_opaque_callback_data"] for send in sandbox.control("GET", "/ledger?limit=10000")["ledger"]
    )
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert len(states) == RECIPIENTS
    assert set(states.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert max(sent.values()) == 1, "somebody heard it twice"
    for pk, state in states.items():
        # Accepted surely was sent; uncertain may have been, and waits for its receipt: nobody is lost in silence.
        assert state == DeliveryState.UNCERTAIN or sent[str(pk)] == 1
    sender.refresh_from_db()
    assert sender.epoch == KILLS + 1
