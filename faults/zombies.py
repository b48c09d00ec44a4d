# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 6: an owner that is frozen, or cut off from PostgreSQL, and comes back when another has taken its numbers."""

from __future__ import annotations

import time
from collections.abc import Callable

from faults.counting import Found, count
from faults.ground import Ground
from faults.network import Cut, Impossible, cut_off_worker
from faults.processes import Process
from faults.town import Town, town
from faults.workers import finish, prepare

TAKEOVER_WITHIN = 90.0  # seconds; a ceiling for «never»: the figure itself is in the note
_OWNER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = %s AND l.objid::bigint = %s
"""


def frozen(
    ground: Ground, *, recipients: int, freezes: int, alert: bool, rate: int = 300, longer: float = 0.0
) -> Found:
    """Stopped (SIGSTOP) until the other has its number, and sends; then it goes on as if nothing had been.

    ``longer``: seconds that it sleeps on after that.
    """
    began = time.monotonic()
    with town(ground, rate=rate) as place:
        prepare(place, recipients, alert=alert)
        workers = [place.worker(), place.worker()]
        waits = []
        for turn in range(freezes):
            _until_left(place, recipients, recipients * (turn + 1) // (freezes + 2))
            owner = _owner(place, workers)
            waits.append(_away(place, owner.pause, owner.go_on, longer))
        finish(place, workers)
        found = count(place, "owner frozen and back", alert=alert)
        found.note = f"taken over after {max(waits):.1f} s at most"
    found.seconds = time.monotonic() - began
    return found


def cut_off(ground: Ground, *, recipients: int, cuts: int, alert: bool, rate: int = 300) -> Found:
    """In a network namespace of its own, which loses its way to PostgreSQL, not to the platform, and finds it again."""
    began = time.monotonic()
    name = "owner cut off and back"
    with town(ground, rate=rate) as place:
        try:
            with cut_off_worker(place) as (first, cut):
                waits = _cut_and_mend(place, first, cut, recipients, cuts, alert=alert)
                found = count(place, name, alert=alert)
        except Impossible as reason:
            return Found(name, alert=alert, note=str(reason), skipped=True)
        found.note = f"taken over after {max(waits):.1f} s at most"
    found.seconds = time.monotonic() - began
    return found


def _cut_and_mend(
    place: Town, first: Process, cut: Cut, recipients: int, cuts: int, *, alert: bool
) -> list[float]:
    prepare(place, recipients, alert=alert)
    place.until(lambda: place.accepted > 0, 120, "the worker in its own network sends")
    workers = [first]
    waits = []
    for turn in range(cuts):
        _until_left(place, recipients, recipients * (turn + 1) // (cuts + 2))
        # The one who is cut off must own the number: its rival comes when it does, and goes when it is to have it again.
        second = place.worker()
        waits.append(_away(place, cut.cut, cut.mend, 0.0))
        if turn + 1 < cuts:
            second.end()
            place.until(
                lambda: place.leaving == 0 or _owner(place, [first]) is first, 60, "it owns the number again"
            )
        else:
            workers.append(second)
    finish(place, workers)
    return waits


def _until_left(place: Town, recipients: int, moment: int) -> None:
    place.until(
        lambda: recipients - place.leaving >= moment,
        300,
        lambda: f"{moment} messages have left ({place.leaving} wait)",
    )


def _owner(place: Town, workers: list[Process]) -> Process:
    """Whoever holds the lock on the first number: its session bears its name."""
    from arengo.delivery.queue.ownership import LOCK_CLASS

    found: list[Process] = []

    def known() -> bool:
        names = [str(row[0]) for row in place.rows(_OWNER, LOCK_CLASS, place.sender_ids[0])]
        found[:] = [worker for worker in workers if any(name.endswith(f":{worker.pid}") for name in names)]
        return bool(found)

    place.until(known, TAKEOVER_WITHIN, "one of the workers owns the number")
    return found[0]


def _away(place: Town, go: Callable[[], None], back: Callable[[], None], longer: float) -> float:
    """Seconds until another owned the number of who went."""
    epoch = _epoch(place)
    go()
    place.kills += 1
    gone = time.monotonic()
    try:
        place.until(lambda: _epoch(place) > epoch, TAKEOVER_WITHIN, "another worker takes the number over")
        waited = time.monotonic() - gone
        sent = place.accepted
        place.until(lambda: place.accepted > sent or place.leaving == 0, 60, "the new owner sends")
        time.sleep(longer)
    finally:
        back()
    return waited


def _epoch(place: Town) -> int:
    return place.number("SELECT epoch FROM delivery_sender WHERE id = %s", place.sender_ids[0])
