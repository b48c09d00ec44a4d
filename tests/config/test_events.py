# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pytest
from django.apps import apps

from arengo.audience.events import AddressErased, Proves, Shown
from arengo.core import events
from arengo.core.events import Batch
from arengo.platforms import contract
from arengo.platforms.contract import MessageReceived, Unreadable

ROOT = Path(__file__).resolve().parents[2]
UNHEARD = {
    Unreadable: "the reader keeps it with its row of the journal, and the administrator sees it",
    Shown: "a part of CitizenWrote and ReplyWanted, which no room publishes by itself",
    Proves: "a part of ReplyWanted, likewise",
}
# What the lines of config/events.py must give, and where they give it in this order.
IN_ORDER = {
    MessageReceived: [
        "arengo.delivery.limits.inbound",
        "arengo.intake.responders",
        "arengo.audience.arrivals",
    ],
    AddressErased: ["arengo.delivery.queue.cancellation", "arengo.intake.scrubbing"],
}


def _wired() -> list[tuple[type[Any], Callable[[Batch[Any]], None]]]:
    ours = {event: listeners for event, listeners in events._listeners.items() if _is_ours(event)}
    return [(event, listener) for event, listeners in ours.items() for listener in listeners]


def _is_ours(event: type[Any]) -> bool:
    return event.__module__.startswith("arengo.")


def _event_types() -> set[type[Any]]:
    """What platforms bring, and every class that a room's events.py defines."""
    found: set[type[Any]] = set(get_args(contract.Incoming))
    for app in apps.get_app_configs():
        name = f"{app.name}.events"
        if not app.name.startswith("arengo.") or app.name == "arengo.core" or find_spec(name) is None:
            continue
        for thing in vars(import_module(name)).values():
            if isinstance(thing, type) and thing.__module__ == name:
                found.add(thing)
    return found


def test_every_event_type_is_heard_or_says_why_not() -> None:
    heard = {event for event, _listener in _wired()}
    assert heard | UNHEARD.keys() == _event_types()
    assert not heard & UNHEARD.keys()


@pytest.mark.parametrize("event", IN_ORDER, ids=lambda event: event.__name__)
def test_who_hears_first_what_others_build_on(event: type[Any]) -> None:
    assert [listener.__module__ for listener in events._listeners[event]] == IN_ORDER[event]


@pytest.mark.parametrize(
    ("event", "listener"), _wired(), ids=lambda one: f"{one.__module__}.{one.__qualname__}"
)
def test_a_listener_says_what_it_takes_and_can_take_its_event(
    event: type[Any], listener: Callable[..., None]
) -> None:
    """mypy compares them too; here nothing passes as ``Any``, and what a protocol asks for is there."""
    hints = get_type_hints(listener)
    assert hints.pop("return") is type(None)
    [batch] = hints.values()
    assert get_origin(batch) is Batch
    [taken] = get_args(batch)
    if isinstance(taken, TypeVar):  # a room of the same floor: its event is read by its shape
        wanted = {name for name in vars(taken.__bound__) if not name.startswith("_")}
        assert wanted
        assert wanted <= get_type_hints(event).keys()
    else:
        assert taken is event


_WIRING = """
from dataclasses import dataclass
from arengo.core.events import Batch, listen

@dataclass(frozen=True)
class Rang:
    at: int

@dataclass(frozen=True)
class Fell:
    at: int

def rang(batch: Batch[Rang]) -> None: ...
def late(batch: Batch[Rang], hours: int) -> None: ...
def one(event: Rang) -> None: ...

listen(Rang, rang)
listen(Fell, rang)  # wrong
listen(Rang, late)  # wrong
listen(Rang, one)  # wrong
"""


def test_mypy_refuses_a_listener_that_cannot_take_its_event(tmp_path: Path) -> None:
    wiring = tmp_path / "wiring.py"
    wiring.write_text(_WIRING)
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}", str(wiring)],
        env={**os.environ, "MYPYPATH": str(ROOT / "src")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    wrong = [number for number, line in enumerate(_WIRING.splitlines(), 1) if line.endswith("# wrong")]
    assert [int(line.split(":")[1]) for line in told.splitlines() if ": error:" in line] == wrong, told


def test_every_event_that_the_roads_can_bring_is_heard_by_somebody() -> None:
    from arengo.intake.reader import _ORDER

    assert {event for event, _listener in _wired()} >= set(_ORDER)
