# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 8: the database is saved in the middle of a mailing, the mailing goes on, and what was saved is put back.

Receipts of what left meanwhile come afterwards, as the platform brings them again to a machine that was away.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from arengo.cli import embedded
from arengo.delivery.senders.activation import CHANGED
from faults.console import Console
from faults.counting import Found, count
from faults.ground import Ground
from faults.processes import Process, environment
from faults.town import Town, town
from faults.workers import finish, prepare, until_left

_PAGE = "/console/impostazioni/ripristino/"
_STILL = 2.0  # seconds in which a worker that may send would have sent hundreds
_WITHIN = 120.0
_SLOWLY = 4  # messages a second
_UNTIL_SAVED = 25.0  # seconds that the whole mailing would need at the pace it begins with


def taken_back(
    ground: Ground, *, way: str, recipients: int, saved: float = 0.2, left: float = 0.8, rate: int = 200
) -> Found:
    """``way``: «restore» (our commands), «dump» (pg_dump and pg_restore), «machine» (files, database and note together).

    ``saved`` and ``left``: the shares of the mailing that had left then, and when it was put back. Nothing leaves by itself;
    receipts take out who was reached; after a person's release exactly the rest leaves.
    """
    began = time.monotonic()
    # However slow the machine: it is in the middle of the mailing that all is saved.
    with town(ground, rate=max(_SLOWLY, int(recipients / _UNTIL_SAVED))) as place:
        web = prepare(place, recipients, alert=False)
        worker = place.worker()
        until_left(place, recipients, int(recipients * saved))
        place.conditions(webhooks={"paused": True})
        _pace(place, _SLOWLY)
        put_back = _SAVE[way](place, worker)
        _pace(place, rate)
        if not worker.alive:
            worker = place.worker()
        until_left(place, recipients, max(1, int(recipients * left)))
        worker.end()
        web.end()
        sent = place.accepted
        put_back()
        _pace(place, rate)
        found = _afterwards(place, way, sent, recipients)
    found.kills, found.seconds = 1, time.monotonic() - began
    return found


def _pace(place: Town, rate: int) -> None:
    place.change("UPDATE delivery_sender SET rate = %s", rate)
    place.change(f"NOTIFY {CHANGED}")


def _afterwards(place: Town, way: str, sent: int, recipients: int) -> Found:
    problems: list[str] = []
    waited = place.waiting
    place.web()
    if way == "machine":  # nothing but receipts tells: they wait at the door before the worker is there
        place.conditions(webhooks={"paused": False})
        place.until(lambda: place.webhooks_pending == 0, _WITHIN, "receipts are at the door")
    worker = place.worker()
    place.until(
        lambda: _timelines(place) == 2,
        _WITHIN,
        lambda: (
            f"the step back is found, the outbox withheld ({waited} waited, {place.waiting} wait, {place.unread} unread)"
        ),
    )
    time.sleep(_STILL)
    if place.accepted != sent:
        problems.append(f"{place.accepted - sent} left by themselves")
    fresh = place.people(1)[0]["phone"]
    place.mail([fresh], alert=True)
    place.until(lambda: place.accepted == sent + 1, _WITHIN, "what is new leaves")
    console = Console(place)
    if "La banca dati è tornata" not in console.see("/console/impostazioni/stato/"):
        problems.append("the state of the service does not say so")
    place.conditions(webhooks={"paused": False})
    place.receipts_are_in()
    rest = recipients - sent
    if place.waiting != rest:
        problems.append(f"{place.waiting} wait after the receipts, not {rest}")
    _decide(console, problems, waits=bool(rest))
    finish(place, [worker])
    found = count(place, f"taken back ({way})")
    found.problems += problems
    found.problems += [] if waited else ["nothing waited in what was saved"]
    found.note = f"{waited} waited in what was saved, receipts told of {waited - rest}, {rest} released"
    return found


def _decide(console: Console, problems: list[str], *, waits: bool) -> None:
    """The administrator presses «Invia a chi aspetta», twice; where nothing waits, «Ho capito»."""
    page = console.see(_PAGE)
    actions = [action for action in console.actions(page) if action.startswith(_PAGE)]
    wanted = [action for action in actions if action.endswith("/invia/")] if waits else [f"{_PAGE}letto/"]
    if not wanted or not set(wanted) <= set(actions):
        problems.append(f"the page offers {actions}")
        return
    for action in (*wanted, *wanted):
        page = console.press(action, page)
    if "data-alarm" in console.see("/console/impostazioni/stato/"):
        problems.append("the banner stays")


def _timelines(place: Town) -> int:
    return place.number("SELECT count(*) FROM delivery_timeline WHERE withheld_at IS NOT NULL")


# --- ways of saving; each returns how it is put back -----------------------------------------------------------------


def _by_command(place: Town, _worker: Process) -> Callable[[], None]:
    file = place.folder / "arengo.backup"
    _arengo(place, "backup", str(file))
    return lambda: _arengo(place, "restore", "--yes", str(file))


def _by_dump(place: Town, _worker: Process) -> Callable[[], None]:
    file = place.folder / "database.dump"
    embedded.dump(place.url, file)
    return lambda: embedded.restore(place.url, file)


def _by_snapshot(place: Town, worker: Process) -> Callable[[], None]:
    """All files of one moment, as a snapshot of the machine's disk holds them."""
    data, copy = place.ground.data, place.folder / "machine"
    place.kill(worker)
    place.ground.stop()
    _copy(data, copy)
    place.ground.start()

    def put_back() -> None:
        place.ground.stop()
        for part in ("postgres", "timeline.json"):
            _remove(data / part)
        _copy(copy, data)
        place.ground.start()

    return put_back


_SAVE: dict[str, Callable[[Town, Process], Callable[[], None]]] = {
    "restore": _by_command,
    "dump": _by_dump,
    "machine": _by_snapshot,
}


def _arengo(place: Town, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "arengo", *words],
        env=environment(place.url, place.ground.data),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    if done.returncode:
        raise RuntimeError(f"arengo {words[0]}: {done.stderr.strip()}")


def _copy(source: Path, target: Path) -> None:
    """With owners and rights: PostgreSQL may run as another account."""
    target.mkdir(exist_ok=True)
    for part in ("postgres", "timeline.json"):
        subprocess.run(["cp", "-a", str(source / part), str(target)], check=True)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
