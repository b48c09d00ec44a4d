# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import inspect

import pytest

from arengo.config.events import WIRING, named

PATHS = [path for event, listeners in WIRING for path in (event, *listeners)]


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_the_wiring_exists(path: str) -> None:
    assert callable(named(path))


@pytest.mark.parametrize("path", [path for _event, listeners in WIRING for path in listeners])
def test_every_listener_takes_one_batch(path: str) -> None:
    parameters = inspect.signature(named(path)).parameters.values()  # type: ignore[arg-type]  # a function, as above
    assert len([one for one in parameters if one.default is inspect.Parameter.empty]) == 1


def test_no_event_is_wired_twice() -> None:
    events = [event for event, _listeners in WIRING]
    assert len(events) == len(set(events))


def test_every_event_that_the_roads_can_bring_is_heard_by_somebody() -> None:
    from arengo.intake.reader import _ORDER

    heard = {event.partition(":")[2] for event, _listeners in WIRING}
    assert {event.__name__ for event in _ORDER} <= heard
