# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 1: the worker is killed at random moments of a mailing, and started again."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Sequence

from faults.counting import Found, count
from faults.ground import Ground
from faults.processes import Process
from faults.town import Town, town

_WITHIN = 300.0  # seconds in which something must happen; never a bar


def one_worker(ground: Ground, *, recipients: int, kills: int, alert: bool, rate: int = 500) -> Found:
    """One worker, killed and started again; its successor takes over what it had claimed."""
    began = time.monotonic()
    with town(ground, rate=rate) as place:
        prepare(place, recipients, alert=alert)
        worker = place.worker()
        for moment in moments(recipients, kills):
            until_left(place, recipients, moment)
            place.kill(worker)
            worker = place.worker()
        finish(place, [worker])
        found = count(place, "worker killed", alert=alert)
    found.seconds = time.monotonic() - began
    return found


def one_of_two(
    ground: Ground, *, recipients: int, kills: int, alert: bool, numbers: int = 4, rate: int = 150
) -> Found:
    """Two workers share the numbers; one is killed, the other takes its numbers; then the other way round."""
    began = time.monotonic()
    with town(ground, rate=rate, numbers=numbers) as place:
        prepare(place, recipients, alert=alert)
        workers = [place.worker(), place.worker()]
        for turn, moment in enumerate(moments(recipients, kills)):
            until_left(place, recipients, moment)
            place.kill(workers[turn % 2])
            workers[turn % 2] = place.worker()
        finish(place, workers)
        found = count(place, "one of two workers killed", alert=alert)
    found.seconds = time.monotonic() - began
    return found


def prepare(place: Town, recipients: int, *, alert: bool, webhooks: bool = True) -> Process:
    """People, their mailing in the outbox, and a web process (the answer) for the receipts."""
    place.conditions(latency_ms=50, read_rate=0.3)
    web = place.web()
    if webhooks:
        place.connect_webhooks()
    phones = [person["phone"] for person in place.people(recipients)]
    share = -(-recipients // len(place.sender_ids))
    for number, sender_id in enumerate(place.sender_ids):
        place.mail(phones[number * share : (number + 1) * share], alert=alert, sender_id=sender_id)
    return web


def moments(recipients: int, kills: int) -> list[int]:
    """So many different moments of a mailing, each when so many had left; each moment is as likely."""
    return sorted(random.sample(range(1, max(kills + 2, int(recipients * 0.97))), kills))


def until_left(place: Town, recipients: int, moment: int) -> None:
    place.until(
        lambda: recipients - place.leaving >= moment,
        _WITHIN,
        lambda: f"{moment} messages have left ({place.leaving} wait)",
    )
    time.sleep(random.uniform(0, 0.02))


def finish(place: Town, workers: Sequence[Process]) -> None:
    """All is sent, receipts are in, and who stayed uncertain is decided."""
    place.until(lambda: place.leaving == 0, _WITHIN, lambda: f"all is sent ({place.leaving} wait)")
    place.receipts_are_in()
    while place.patience_ends():
        place.until(lambda: place.waiting == 0, _WITHIN, lambda: f"all is decided ({place.waiting} are not)")
        place.receipts_are_in()
    for worker in workers:
        code = worker.end()
        if code not in (0, -signal.SIGTERM):  # the latter: it was only just starting
            raise RuntimeError(f"a worker ended with {code}")
