# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 4: the platform misbehaves."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

from faults.console import Console
from faults.counting import Found, count
from faults.ground import Ground
from faults.town import Town, town
from faults.workers import finish, prepare
from tests.support.sandbox_server import sandbox_process

_WITHIN = 400.0
PAIR = 131056  # about one pair of numbers, each of which has its own six seconds to wait: nothing there to spread


def weather(
    ground: Ground, *, name: str, errors: list[dict[str, Any]], recipients: int, alert: bool = False
) -> Found:
    """Shares of sends meet something, until nothing is left to send. Whatever it was, the counts hold."""
    began = time.monotonic()
    with town(ground) as place:
        prepare(place, recipients, alert=alert)
        place.conditions(errors=errors)
        worker = place.worker()
        place.until(lambda: place.leaving == 0, _WITHIN, lambda: f"all has left ({place.leaving} wait)")
        place.conditions(errors=[])  # what is in doubt, and goes again, meets fine weather
        finish(place, [worker])
        found = count(place, name, alert=alert)
        found.problems += _still_active(place)
        if all(error.get("code") in (130429, 131056) for error in errors):
            # Certainly not sent: these must all have gone in the end.
            found.problems += [f"{found.unknown} unknown"] if found.unknown else []
            found.problems += _not_all_accepted(place)
    found.seconds = time.monotonic() - began
    return found


def busy(ground: Ground, *, code: int, recipients: int, hold: float = 6.0) -> Found:
    """Every send is refused for now: tries spread in time, further and further apart; then all goes by itself."""
    began = time.monotonic()
    with town(ground) as place:
        prepare(place, recipients, alert=False)
        place.conditions(errors=[{"code": code, "rate": 1.0}])
        worker = place.worker()
        place.until(
            lambda: (
                place.number("SELECT count(*) FROM delivery_outbox WHERE attempts > 0") >= recipients * 0.5
                or place.number("SELECT coalesce(max(attempts), 0) FROM delivery_outbox") >= 3
            ),
            _WITHIN,
            "the platform is too busy for all",
        )
        time.sleep(hold)
        problems = _spread(place, jitter=code != PAIR)
        place.conditions(errors=[])
        finish(place, [worker])
        found = count(place, f"{code} for all")
        found.problems += problems + _still_active(place) + _not_all_accepted(place)
        found.problems += [f"{found.unknown} unknown"] if found.unknown else []
    found.seconds = time.monotonic() - began
    return found


def _spread(place: Town, *, jitter: bool) -> list[str]:
    """Backoff and jitter: those refused several times wait longer, and not all until the same moment."""
    waits = place.rows(
        "SELECT count(*), count(DISTINCT date_trunc('milliseconds', not_before)), max(attempts) "
        "FROM delivery_outbox WHERE attempts > 0 AND not_before > now() - interval '1 minute'"
    )[0]
    tried, moments, most = (int(number or 0) for number in waits)
    if tried < 5:
        return [f"only {tried} deliveries wait for another try"]
    problems = (
        []
        if moments > tried * 0.5 or not jitter
        else [f"{tried} tries wait until {moments} moments: no jitter"]
    )
    # A ceiling that doubles: in the seconds that this lasts nobody can have been tried more often.
    return problems + ([f"tried {most} times within seconds: no backoff"] if most > 8 else [])


def failing(ground: Ground, *, recipients: int, hold: float = 20.0) -> Found:
    """Every answer is a 500, whatever it means: those few that met one are in doubt, the others wait; then they all go."""
    began = time.monotonic()
    with town(ground, rate=100) as place:
        prepare(place, recipients, alert=False)
        place.conditions(errors=[{"code": 131000, "rate": 1.0}])
        worker = place.worker()
        place.until(
            lambda: place.number("SELECT count(*) FROM faults_uncertain") > 0, _WITHIN, "some are in doubt"
        )
        time.sleep(hold)
        place.conditions(errors=[])
        finish(place, [worker])
        found = count(place, "131000 for all")
        found.problems += _still_active(place)
        found.problems += (
            [f"{found.unknown} of {recipients} unknown: it went on as if nothing were wrong"]
            if found.unknown > recipients * 0.2
            else []
        )
    found.seconds = time.monotonic() - began
    return found


def stopped(ground: Ground, *, code: int, recipients: int, late: bool = False, alert: bool = False) -> Found:
    """A refusal that concerns the number: it stops, the console says why and what to do, and a button resumes it.

    ``late``: the platform accepts the message, and says so afterwards, in a ``failed`` status.
    """
    began = time.monotonic()
    with town(ground, rate=100) as place:
        web = prepare(place, recipients, alert=alert)
        worker = place.worker()
        place.until(lambda: place.accepted > recipients // 10, _WITHIN, "some are sent")
        place.conditions(errors=[{"code": code, "rate": 1.0, "as": "status" if late else "response"}])
        stopped_in_time = _stops(place, code)
        problems = stopped_in_time or _on_the_page(place, code)
        place.conditions(errors=[])
        if not stopped_in_time:
            problems += _resumed(place)
        finish(place, [worker])
        found = count(place, f"{code} {'in a status' if late else 'in the answer'}", alert=alert)
        found.problems += problems
        found.problems += [] if web.alive else ["the web process ended"]
        if not late:
            found.problems += _not_all_accepted(place)
    found.seconds = time.monotonic() - began
    return found


def _stops(place: Town, code: int) -> list[str]:
    try:
        place.until(
            lambda: bool(place.rows("SELECT 1 FROM delivery_sender WHERE state = 'stopped'")),
            30,
            "the sender stops",
        )
    except TimeoutError:
        return ["the sender did not stop"]
    stop_code = place.number("SELECT stop_code FROM delivery_sender WHERE state = 'stopped'")
    return [] if stop_code == code else [f"it stopped, saying {stop_code}"]


def _on_the_page(place: Town, code: int) -> list[str]:
    """What the administrator reads, and that nothing leaves meanwhile."""
    from arengo.platforms.registry import platform

    time.sleep(2)  # what was claimed is on its way, or comes back
    waited = place.leaving
    page = Console(place).sender(place.sender_ids[0])
    what_to_do = " ".join(platform("whatsapp").explain(code).split())
    problems = (
        [] if what_to_do in page and f"({code})" in page else ["the console does not say why, and what to do"]
    )
    time.sleep(1.5)
    if waited == 0:
        problems.append("nothing was left to hold back")
    if place.leaving < waited:
        problems.append(f"{waited - place.leaving} left although the sender is stopped")
    return problems


def _resumed(place: Town) -> list[str]:
    page = Console(place).resume(place.sender_ids[0])
    return ["the console still says that it is stopped"] if "Il mittente è fermo" in page else []


def outage(ground: Ground, *, recipients: int, seconds: float) -> Found:
    """Nobody answers at the platform's address for a while. It costs no message anything; then it goes on by itself."""
    began = time.monotonic()
    with town(ground, rate=200) as place, ExitStack() as stack:
        prepare(place, recipients, alert=False)
        worker = place.worker()
        place.until(lambda: place.accepted > recipients // 10, _WITHIN, "some are sent")
        gone = place.sandbox
        settings = {name: text for name, text in gone.environment.items() if name.startswith("SANDBOX_")}
        gone.stop()
        time.sleep(seconds)
        problems = [] if place.leaving else ["nothing was left to send during the outage"]
        place.sandbox = stack.enter_context(
            sandbox_process(place.folder, port=gone.port, stderr=None, **settings)
        )
        finish(place, [worker])
        found = count(place, f"outage of {seconds:.0f} s")
        found.problems += problems + _still_active(place)
    found.seconds = time.monotonic() - began
    return found


def _still_active(place: Town) -> list[str]:
    held = place.number("SELECT count(*) FROM delivery_sender WHERE state <> 'active'")
    return [f"{held} senders stopped for what passes by itself"] if held else []


def _not_all_accepted(place: Town) -> list[str]:
    left = place.number("SELECT count(*) FROM delivery_delivery WHERE state < 20 OR state > 50")
    return [f"{left} did not go in the end"] if left else []
