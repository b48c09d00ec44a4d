# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The town of the newsroom's tests, and what is made up here."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from arengo.core import log_entries
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.outlets.base import registry as outlets
from tests.seams.board.machine import Board
from tests.seams.board.outlet import BoardOutlet
from tests.seams.closure.kind import Closure
from tests.seams.folders import templates_of
from tests.seams.fountains.room import made_up
from tests.support.browser_kit import chromium, visit
from tests.support.newsroom_town import _media, town, write

__all__ = ["_media", "chromium", "made_up", "town", "visit", "write"]


@pytest.fixture
def board(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Its folder's templates and one line of registration: all that an outlet needs."""
    templates_of(settings, "board")
    monkeypatch.setattr(
        outlets, "_outlets", dict(outlets._outlets)
    )  # what is registered here ends with the test
    monkeypatch.setattr(log_entries, "_values", dict(log_entries._values))
    log_entries.values("newsroom", {"board": "tabellone"})
    lights = Board()
    outlets.register(BoardOutlet(lights))
    return lights


@pytest.fixture
def closure(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Closure:
    """Likewise a kind."""
    templates_of(settings, "closure")
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kind = Closure()
    kinds.register(kind)
    return kind
