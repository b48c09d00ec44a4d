# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 7: the disk of PostgreSQL is full while webhooks pour in, and then it is not."""

from __future__ import annotations

import errno
import time
from pathlib import Path

import psycopg

from embedded_postgres import EmbeddedError
from faults.counting import Found, count
from faults.ground import Ground, ground
from faults.knocking import WebhookSource
from faults.small_disk import small_disk
from faults.town import Town, town
from faults.workers import finish, prepare

# A log that never grows beyond a few segments: what fills the small disk is the ballast, not old news.
_SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB"}
_CHUNK = 1024 * 1024


def disk_full(
    base: Ground, *, recipients: int, fills: int = 1, connections: int = 16, full: float = 3.0
) -> Found:
    """Meanwhile 503, and a loud line in the log; nothing is acknowledged that is not stored; then it goes on by itself."""
    name = "disk of the journal full"
    began = time.monotonic()
    disk = base.folder / f"disk-{time.time_ns()}"
    disk.mkdir()
    with small_disk(disk) as mounted:
        if not mounted:
            return Found(name, note="a small file system needs Linux and root", skipped=True)
        with (
            ground(base.folder / f"{disk.name}-logs", _SMALL, data=disk / "data") as small,
            town(small) as place,
        ):
            found = _fill_and_free(place, disk, recipients, fills, connections, full)
    found.name = name
    found.seconds = time.monotonic() - began
    return found


def _fill_and_free(
    place: Town, disk: Path, recipients: int, fills: int, connections: int, full: float
) -> Found:
    web = prepare(place, recipients, alert=False)
    worker = place.worker()
    problems: list[str] = []
    with WebhookSource(place, connections=connections, pause=0.005) as source:
        for _turn in range(fills):
            place.until(lambda: place.accepted > recipients // 10, 120, "some are sent")
            refused = source.answers[503]
            ballast = disk / "ballast"
            _fill(ballast)
            place.kills += 1
            source.wait_for_refusal(refused)
            deadline = time.monotonic() + full
            while time.monotonic() < deadline:  # what is freed meanwhile is filled again
                _fill(ballast)
                time.sleep(0.1)
            ballast.unlink()
            _running_again(place)
            source.wait_for_acknowledgement()
    loud = web.said("ERROR arengo.intake.journal")
    problems += [] if loud else ["no loud line in the log"]
    problems += [] if web.alive and worker.alive else ["a process ended when the disk was full"]
    finish(place, [worker])
    found = count(place, "")
    found.recipients += len(source.acknowledged)
    found.problems += problems + source.problems(allowed={200, 503})
    found.note = f"{len(source.acknowledged)} webhooks acknowledged, {source.answers[503]} told to come again"
    return found


def _fill(ballast: Path) -> None:
    """To the last byte."""
    size = _CHUNK
    with ballast.open("ab", buffering=0) as file:
        while size:
            try:
                written = file.write(b"\0" * size)
                if written < size:
                    size //= 2
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                size //= 2


def _running_again(place: Town) -> None:
    """As ``arengo up`` does, which looks twice a second: PostgreSQL gives up when it cannot write its log."""
    deadline = time.monotonic() + 60
    while True:
        try:
            place.ground.start()
            place.rows("SELECT 1")
        except (EmbeddedError, psycopg.OperationalError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return
